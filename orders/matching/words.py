"""The words of buyers' answers, all folded: lists and patterns to check against the rules of matching.

What is listed is taken exactly as it stands; `keywords` and `refusals` add slips where the rules allow them.
"""

import re


def listed(text: str) -> frozenset[str]:
    """Give the words of a list written as one text."""
    return frozenset(text.split())


DEFAULT_KEYWORD = "onay"

# The affirmative forms of the default word; a negative, a question, a condition or a future is none.
AFFIRMATIVE = listed("""
    onay onayliyorum onayliyoruz onayliyom onayladim onayladik onaylandi onayla onaylayin onaylayiniz
    onaylansin onaylanmistir onaydir""")
# "onayımı veriyorum": an inflected form that only its verb makes an affirmation, or a refusal.
INFLECTED = frozenset({"onayi", "onayim", "onayimi", "onayimizi"})
GIVING = listed("veriyorum veriyoruz veriyom verdim verdik var vardir verilmistir")
NOT_GIVING = listed("yok yoktur vermiyorum vermiyoruz vermiyom vermedim vermedik etmiyorum etmiyoruz etmedim etmedik")
GIVING_LATER = re.compile(
    r"^(?:ver|ed|yap|yaz|gonder|at|yolla)\w*(?:[ae]c[ae][gk]\w*|[ae]c[ae][mz]|[iu]c[ae][mz]|c[ae][mz])$|^(?:ver[iu]r|at[ae]r|yazar|gonderir|eder)im$"
)

# Words made from the default word that confirm nothing, however near they come to one that does.
OTHER_FORM = re.compile(
    r"^onay(?:i|a|da|dan|in|ini|im|imi|imiz|imizi|iniz|li|lilar|lar\w*|ci\w*|siz\w*|lik\w*"
    r"|la(?:r\w*|t\w*|s(?!in$)\w*|ma\w*|mis\w*|n(?!di$|sin$|mistir$|d$)\w*|y(?:a|i[ps])\w*"
    r"|di|din\w*|dila\w*|di[gy]\w*|dik\w+|dimi)"
    r"|liyor(?:s\w*|d\w*|mus\w*|lar)?)$"
)

REFUSALS = listed("""
    iptal hayir istemiyorum istemiyoruz istemiyom istemem istemedim istemedik vazgectim vazgectik vazgec
    vazgeciyorum vazgeciyoruz vazgecelim vazgeceyim vazgececegim vazgececegiz vazgecicem istemiyoz istemiyo istemeyiz
    reddediyorum reddediyoruz reddettim reddettik reddet reddedin red rededin redediyorum redediyoruz redettim redettik
    durdur durdurun caydim caydik cayiyorum cayiyoruz bosver bosverin bosveriniz bosverdim cancel cancell cancle
    onaylamiyorum onaylamiyoruz onaylamiyom onaylamadim onaylamadik onaylamayin onaylamayiniz""")
NEGATIVES = frozenset(word for word in REFUSALS if word.startswith(DEFAULT_KEYWORD))
# Found inside a longer word too: "siparisimiiptaledin" still refuses.
REFUSALS_WITHIN = re.compile(
    r"iptal|cancel|bosver|onaylamiyoru[mz]|onaylamiyom|onaylamadi[mk]|istemiyoru[mz]|istemiyom|vazgecti[mk]|^redd?edi[ly]"
)
# The refusals that slips are counted from; the other forms are too near to ordinary words.
REFUSALS_WITH_SLIPS = ("iptal", "hayir", "istemiyorum", "vazgectim", "bosver", "onaylamiyorum", "onaylamadim")
_ENDING_IN: tuple[tuple[tuple[str, ...], str], ...] = (
    (("kabul",), "etmiyorum etmiyoruz"),
    (("vaz",), "gectim gectik geciyorum geciyoruz"),
    (("vazgecmek",), "istiyorum istiyoruz"),
    (("bos",), "ver verin veriniz"),
    (("feragat",), "ediyorum ediyoruz ettim"),
    (("geri",), "aliyorum aliyoruz cekiyorum cekiyoruz gonderiyorum gonderiyoruz gonderecegim veriyorum"),
    (("iade",), "edin ediniz edilsin ediyorum ediyoruz edecegim edicem istiyorum istiyoruz"),
    (("iade", "etmek"), "istiyorum istiyoruz"),
    (("siparisi",), "sil silin siliniz silinsin"),
    (("siparisimi",), "sil silin siliniz"),
    (("dont",), "want"),
    (("don", "t"), "want"),
    (("not",), "want"),
)
REFUSING_PHRASES = tuple((*start, end) for start, ends in _ENDING_IN for end in ends.split())

# Real words one or two letters from "onay", "hayır", "istemiyorum", "vazgeçtim": "hazır", "istiyorum", and the
# names Hayri, Sonay, Onat. They are what they are and nobody's slip.
ORDINARY = listed("""hazir hayri hatir hayirli hayirlisi ayir bayir cayir sayir kayir zahir hayli hair hayit
    istiyorum istiyoruz isterim istedim vazgecmem vazgecmedim vazgecmiyorum vazgecmedik vazgecsem vazgecsek
    ona onu onun olay onat onal onar onan oray ozay sonay tonay ondan onlar onca onay tonla gonay nay
    dolay kolay""")

# Two letters from "istemiyorum", and the opposite: a word nearer to these is no slip of a refusal.
WISHES = ("istiyorum", "istiyoruz")

OPT_OUT = frozenset({"ret", "dur"})
_SUBJECT = r"(?:sms|mesaj|ileti|reklam|bildirim|tanitim|kampanya)(?:i|im|ini|iniz|inizi|lar|lari|larini|larinizi|niz)?"
_FILLER = r"(?: (?:almak|gelsin|artik|bir|daha|tekrar|lutfen|bana|gondermenizi|atmanizi|izni|iznimi|iznini)){0,3}"
_STOP = (
    r"(?:istemiyor\w*|istemem|gonderme\w*|atma|atmayin\w*|yollama|yollamayin\w*|gelmesin|iptal|durdur\w*"
    r"|kes|kesin|kesiniz)"
)
OPT_OUT_WORDING = re.compile(
    rf"\b(?:{_SUBJECT}{_FILLER} {_STOP}"
    rf"|(?:gonderme|gondermeyin\w*|atma|atmayin\w*|yollamayin\w*)(?: bana| artik)? {_SUBJECT}"
    r"|i ?y ?s (?:ret|red|iptal|iptali|cikis)|ticari (?:elektronik )?ileti\w*"
    r"|(?:iletisim|ileti|iys|sms) (?:izni\w*|onayi\w*) (?:iptal|vermiyorum|geri|kaldir\w*)"
    r"|izin vermiyor\w*|iznimi (?:iptal|geri)\w*"
    r"|(?:liste|listeniz|listeden|listenizden|rehberinizden|rehberden|sistemden) (?:cik\w*|sil\w*)"
    r"|numarami (?:sil\w*|cikar\w*)|abonelikten (?:cik\w*|ayril\w*)|aboneligi\w* iptal|uyeligi\w* iptal"
    r"|rahatsiz etme\w*|stop|unsubscribe)\b"
)

QUESTION_MARKS = frozenset("?\uff1f\u061f\u00bf\u2047\u2048\u2049\u203d\u2753\u2754\u2e2e\ufe56\ufe16\u055e\u037e")
QUESTION_WORDS = listed("""mi mu miyim miyiz misin misiniz midir mudur muyum muyuz musun musunuz miydi muydu miymis
    nasil neden niye nicin nerede nerde nereden hani hangi hangisi acaba kim kac nolur hayirdir nedir neymis""")
QUESTION_PHRASES = frozenset(
    {
        ("ne", "olur"),
        ("ne", "zaman"),
        ("ne", "kadar"),
        ("ne", "durumda"),
        ("ne", "oldu"),
        ("ne", "demek"),
        ("ne", "icin"),
        ("bu", "ne"),
    }
)
_QUESTION_JOINED = re.compile(
    r"^(?:onay\w*|\w+(?:[iuae]r|yok|yor|c[ae]k|degil|mis|mus)|var|yok|degil"
    r"|(?:gel|ol|et|git|gec|bit|cik|ver|al|yap|gonder|ulas|iptal|tamamlan|hazirlan|kargolan)\w*[dt][iu])"
    r"m[iu](?:yim|yiz|yum|yuz|sin|siniz|sun|sunuz|dir|dur|ydi|ydim)?$"
)

_CONDITIONAL_WORDS = listed("eger sayet varsa yoksa ise")
_CONDITIONAL = re.compile(
    r"^(?:\w{2,}(?:[iuae]r|m[ae]z|[dt][iu]y|yor|c[ae]k|mis|mus)s[ae](?:m|n|k|niz|nuz|lar|ler|ydi\w*)?"
    r"|(?:onayla[nt]?|ver|et|yap|ol|al|gel|iste|gonder)(?:m[ae])?s[ae](?:m|n|k|niz|lar|ler|ydi\w*)?)$"
)
_FUTURE = re.compile(r"^onay(?:la[nt]?(?:ma)?y?[ae]c[ae]\w*|li?y?[ia]?c[ae][mzk]\w*|lar(?:im|iz|dim)?)$")
_NEGATION_WORDS = listed("""
    yok yoktur degil degilim degildir degiliz asla olmaz gelmez almaz yapmaz vermez etmez istemez gerekmez
    yanlis yanlislikla hatali onaylamaz onaylamam onaylama almam gelmem vermem etmem olmam yapmam""")
_NEGATION = re.compile(
    r"^\w{2,}(?:m[iu]y?o(?:[rmzl]\w*)?|m[aei]y(?:iniz|in|iz|[ae]?yim|im|elim|alim|iver\w*)|m[iuae]y?[iae]?c[ae]\w*|[ae]m[ae]m"
    r"|m[ae](?:di|dim|din|dik|diniz|diler|dilar|mis\w*|sin|sinlar|sinler"
    r"|yinc[ae]|yip))$"
)
# The end of a negative or a conditional alone, where a verb was typed in pieces ("gönder meyin", "kargola sa").
_NEGATIVE_ENDING = re.compile(r"^(?:m[ae](?:m|k|z|zs\w+|y\w+|d[iu]\w*|sin|sinlar|sinler)?|m[iu]yo\w*)$")
_CONDITIONAL_ENDING = re.compile(r"^s[ae](?:m|n|k|niz|lar|ler|ydi\w*)?$")
_ONAY_NEGATION = re.compile(r"^onaylama(?!k)\w*$")
# What the patterns above would take for something it is not.
_NOT_A_PATTERN = listed("bursa tamam kendimi onaylanmistir mehmedin mehmedim ahmedin ahmedim") | INFLECTED
# "sorun yok" agrees, although "yok" alone is a negation.
_AGREEING_NEGATIONS = frozenset({("sorun", "yok"), ("sikinti", "yok"), ("problem", "yok")})

_REPEATED = re.compile(r"(.)\1+")

# What may stand beside the keyword where no reference is given (rule 7).
FIXED = listed("""
    merhaba merhabalar selam selamlar slm selamun aleykum aleykumselam gunaydin iyi gun gunler aksamlar geceler
    calismalar sabahlar isler hayirli kolay kolayliklar gelsin bayramlar olsun
    tesekkur tesekkurler tesekkurlerimle ederim ederiz ediyorum ediyoruz sagol sagolun saol sag olun eyvallah
    tsk tskler allah razi cok size sizlere
    evet tamam tamamdir ok okey okay olur peki elbette tabii tabi tabiki kabul dogru dogrudur uygun uygundur
    siparis siparisi siparisim siparisimi siparisimin siparisin siparisinizi siparisimizi siparisiniz
    urun urunu urunumu urunlerimi kargo kargomu paketimi kapida odeme odemeli
    veriyorum veriyoruz veriyom verdim verdik vardir var istiyorum istiyoruz aliyorum
    numarali nolu no numara ref referans
    lutfen bu benim ben icin sayin hocam abi abla efendim bey beyefendi hanim hanimefendi kardesim hemen ve
    ki tmm dilerim dileriz diliyorum saygilar saygilarimla""")
# Of the fixed words, those that may say yes: the others greet, thank or name the thing, and none can be taught alone.
ASSENT = listed("""
    evet tamam tamamdir tmm ok okey okay olur olsun gelsin peki elbette tabii tabi tabiki kabul dogru dogrudur
    uygun uygundur eyvallah veriyorum veriyoruz veriyom istiyorum istiyoruz aliyorum""")
# "Kolay gelsin" greets: its end says no yes.
GREETING_PAIRS = frozenset(
    [("kolay", "gelsin"), ("kolayliklar", "gelsin"), ("hos", "gelsin")]
    + [(wish, "olsun") for wish in ("hayirli", "hayirlisi", "razi", "sag", "gecmis", "afiyet", "kutlu", "mubarek")]
)
# Of the fixed words, those that a taught word may ask for instead of the order ("ödeme bekliyorum", "numara gönderin").
# Beside it they count only as what names a number next to them, or the way of payment, as a pair.
NUMBERING = listed("numarali nolu no numara ref referans")
OF_PAYMENT = listed("kapida odeme")
PAYMENT_PAIRS = frozenset({("kapida", "odeme"), ("kapida", "odemeli")})
# What is written onto a number without a space: "no12345" before it, "12345nolu" and "12345'i" behind.
BEFORE_NUMBERS = listed("no nolu numara numarali ref referans siparis sip")
BEHIND_NUMBERS = BEFORE_NUMBERS | listed("i u a e yi yu ya ye in un nin nun da de ta te dan den tan ten li lu")


def squeeze(word: str) -> str:
    """Give a word with its repeated letters once: "hayırrr" is "hayır"."""
    return _REPEATED.sub(r"\1", word)


def question_in(word: str) -> bool:
    """Tell whether a word asks: a question word, or the particle written on ("geldimi")."""
    return word in QUESTION_WORDS or (word not in _NOT_A_PATTERN and bool(_QUESTION_JOINED.match(word)))


def condition_in(word: str) -> bool:
    """Tell whether a word sets a condition ("onaylarsam", "gelirse")."""
    return word in _CONDITIONAL_WORDS or (word not in _NOT_A_PATTERN and bool(_CONDITIONAL.match(word)))


def future_in(word: str) -> bool:
    """Tell whether a word promises to confirm later ("onaylayacağım", "onaylarım")."""
    return bool(_FUTURE.match(word))


def negation_in(word: str) -> bool:
    """Tell whether a word negates without refusing ("gelmedi", "göndermeyin").

    Endings in -maz and -mez are listed one by one: Yılmaz and Sönmez are surnames.
    """
    if word in _NOT_A_PATTERN:
        return False
    return word in _NEGATION_WORDS or bool(_NEGATION.match(word) or _ONAY_NEGATION.match(word))


def negative_ending_in(word: str) -> bool:
    """Tell whether a word is the end of a negative verb ("meyin")."""
    return bool(_NEGATIVE_ENDING.match(word))


def conditional_ending_in(word: str) -> bool:
    """Tell whether a word is the end of a conditional verb ("sanız")."""
    return bool(_CONDITIONAL_ENDING.match(word))


def without_agreeing(plain: list[str]) -> list[str]:
    """Leave out negations that agree ("sorun yok")."""
    kept: list[str] = []
    for word in plain:
        if kept and (kept[-1], word) in _AGREEING_NEGATIONS:
            kept.pop()
        else:
            kept.append(word)
    return kept
