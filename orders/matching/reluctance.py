"""The words of a buyer who may not want the order, all folded: each leaves doubt, also beside a reference (rule 5).

What surely refuses stands in `words`. Here is what only may ("iade", "kalsın"), what puts the order off, what sets
a condition, insults, and the no of other languages. What is said of the delivery alone ("kapıda kalsın", "öğleden
sonra") leaves none.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from messaging.turkish import slips
from orders.matching.outcome import Reason
from orders.matching.words import listed, squeeze

_DISMISSING = re.compile(
    r"^(?:kalsin(?:lar)?|dursun(?:lar)?|durun(?:uz)?|sil(?:in|iniz|insin|iver|iverin|dim|dir\w*)?"
    r"|kaldir(?:in|iniz|ilsin)?|kapat(?:in|iniz|ilsin)?|cevir(?:in|iniz|iyorum|ecegim|irim)"
    r"|(?:iade|sahte|dolandir|kandiri|sikayet|yalan|yanlislik|basmis|vazgec|durdur|redd?e[dt]|feragat|feshed|engelle"
    r"|bloke|gereksiz|luzumsuz|gecersiz|imkansiz|mukerrer|pahali|pisman|supheli|vefat|tuketici"
    r"|siktir|aminako|orospu|serefsiz|lanet|belan|belasi|defol|salak|gerizekali|hirsiz|sahtekar|terbiyesiz)\w*)$"
)
# Negative imperatives are nouns too, and others are inside nouns ("elma", "dolma"): these are taken exactly.
_FORBIDDING = listed("""gonderme yollama getirme yapma verme etme kargolama hazirlama cikarma cikartma isteme
    ugrasma gelme alma atma arama""")
_REJECTING = listed("""yo nah sakin saka sakaydi denemeydi bilmeden istemeden kazara hata hatayla fesih cayma fahis
    unut unutun bosuna hyr yokum yokuz amk aq pic""")
# "no" and Kurdish "na" are other words too: `doubts` looks where they stand.
_FOREIGN = listed("""nope never dont doesnt didnt cant wont wrong fake scam fraud spam refund return returned reject
    rejected refuse refused decline declined delete remove mistake unwanted undo
    naxwazim naxazim nexwazim betal yox xeyr legv ləgv istemirem istəmirəm almiram
    la mish mafi ilga لا الغاء الغي كنسل ارفض رفض مش ما خلاص مابدي نه لغو نمیخوام نمیخواهم
    nein nicht kein keine storno stornieren storniert abbestellen ablehnen non annuler
    нет не отмена отменить отмените отказ отказываюсь otmena""")
# One slip in these is forgiven; the others come too near to ordinary words ("alsın", "alıyorum").
_DISMISSING_WITH_SLIP = ("gondermeyin", "yollamayin", "getirmeyin", "almayacagim")

_POSTPONING = re.compile(
    r"^(?:sonra(?:ya|ki\w*|si\w*)?|bekle(?:yin|yiniz|sin|sinler|t\w*|mede|meye)?|ertele\w*|haftaya|seneye|maas\w*"
    r"|simdilik|kararsiz\w*|dusun(?:e|uyor|ur|up)\w*|(?:don|ar|bak)[ae]?r[iu][mz]|don(?:ec\w*|ucem)"
    r"|arayaca\w*|aricam|bak(?:aca\w*|icam|ayim|alim)|bildir(?:ec\w*|iri[mz])|wait|later|maybe|postpone|hold)$"
)
_POSTPONING_WITH_SLIP = ("bekleyin", "beklesin")
# "Add": one letter from "wait".
_ADDING = listed("ekleyin eklesin")

_SUPPOSING = re.compile(
    r"^(?:belki(?:de)?|galiba|sanirim|herhalde|muhtemelen|sart(?:i|im|iyla|imla)?|kosul(?:u|uyla)|takdirde|yeterki"
    r"|if|unless|until|\w{3,}m[ae]s[ae](?:m|n|k|niz)?"
    r"|\w+[aiou]ysa|\w+[eiou]yse|\w{2,}[bcdfghjklmnprstvz]s[ae])$"
)
# They end like "orijinalse" and set no condition: names, datives ("derse", "kursa"), the courtesy "mümkünse".
_NOT_SUPPOSING = listed("""mumkunse bursa borsa kimse hisse menekse karsa kursa derse terse nefse sahsa faksa lukse
    seansa sansa lisansa temsa hansa marsa gulsa havse""")

# Over the words of a text, its references and numbers left out.
_PHRASES = (
    (
        Reason.FUTURE,
        re.compile(
            r"\b(?:ay basi\w*|(?:gelecek|oteki) (?:ay|hafta|sene|yil)\w*|baska (?:zaman|sefer\w*|gun)|dahaki \w+"
            r"|haber ver(?:ir|ec|ic)\w*|donus yap(?:ac|ic|ar)\w*|karar (?!verdi[mk]\b)\w+|askiya al\w*"
            r"|not (?:yet|now))\b"
        ),
    ),
    (
        Reason.NEGATION,
        re.compile(
            r"\b(?:geri (?!don|ara)\w+|vaz gec\w*|baska \w+[dt][ae]n|(?:zaten|coktan|teslim) aldi[mk]|yeter artik"
            r"|(?:sepet|siparis)\w*[dt][ae]n cikar\w*|hata ile|istek disi"
            r"|baska(?:si|lari) (?:siparis )?(?:ver|yap|et)mis\w*"
            r"|(?:do|did|does|will) not|(?:don|didn|doesn|can|won|isn) t"
            r"|not (?:mine|me|my|want|wanted|order|ordered|ok|approve|approved|interested|accept|needed))\b"
        ),
    ),
)
# Shown instead of a word: a thumb down, crosses, forbidding signs, a shrug, a thinking face.
MARKS = frozenset("👎❌❎🚫⛔✖✗✘🛑🙅🤷🤔")

_STAYING = listed("kalsin kalsinlar dursun beklesin")
_PLACES = listed("""kapida kapimda kapisinda onunde komsuda komsumda guvenlikte subede danismada resepsiyonda
    bakkalda markette giriste kutuda kutusunda ustu""")
_AFTER = listed("sonra sonrasi")
_HOURS = listed("""dan den tan ten ogleden ogle isten mesaiden mesai okuldan aksam namazdan cumadan birden ikiden
    ucten dortten besten altidan yediden sekizden dokuzdan""")


def dismisses(word: str) -> bool:
    """Tell whether a word may refuse the order: "iade", "sahte", "yollama", an insult, another language's no."""
    spellings = {word, squeeze(word)}
    if any(_DISMISSING.match(spelling) for spelling in spellings):
        return True
    if not spellings.isdisjoint(_FORBIDDING | _REJECTING | _FOREIGN):
        return True
    return any(slips(word, meant) == 1 for meant in _DISMISSING_WITH_SLIP)


def postpones(word: str) -> bool:
    """Tell whether a word puts the order off: "bekleyin", "sonra", "düşüneyim"."""
    if _POSTPONING.match(word) or _POSTPONING.match(squeeze(word)):
        return True
    return word not in _ADDING and any(slips(word, meant) == 1 for meant in _POSTPONING_WITH_SLIP)


def supposes(word: str) -> bool:
    """Tell whether a word sets a condition or guesses: "orijinalse", "kırmızıysa", "şartıyla", "belki"."""
    return word not in _NOT_SUPPOSING and bool(_SUPPOSING.match(word))


WORD_TESTS: tuple[tuple[Callable[[str], bool], Reason], ...] = (
    (supposes, Reason.CONDITIONAL),
    (postpones, Reason.FUTURE),
    (dismisses, Reason.NEGATION),
)


def reluctant_phrases(plain: Sequence[str]) -> Iterator[tuple[Reason, str]]:
    """Give each phrase that may refuse the order or put it off ("geri gelsin", "başka zaman")."""
    joined = " ".join(plain)
    for reason, phrase in _PHRASES:
        yield from ((reason, found.group()) for found in phrase.finditer(joined))


def without_wishes(plain: Sequence[str]) -> list[str]:
    """Leave out what is said of the delivery alone ("kapıda kalsın", "öğleden sonra")."""
    kept: list[str] = []
    for word in plain:
        before = kept[-1] if kept else ""
        if (word in _STAYING and before in _PLACES) or (word in _AFTER and before in _HOURS):
            kept.pop()
        else:
            kept.append(word)
    return kept
