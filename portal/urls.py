"""Every address of the site (README, Addresses)."""

from django.contrib import admin
from django.urls import include, path

from portal import accounts, health, hooks, joining, metrics
from portal.dashboard import company, events, integrations, messages, orders, overview, person, switching, team, terms
from portal.onboarding import account, permission, stores

urlpatterns = [
    path("", overview.index, name="overview"),
    path("siparisler/", orders.index, name="orders"),
    path("siparisler/<str:code>/", orders.detail, name="order"),
    path("siparisler/<str:code>/karar/", orders.decide, name="order_decide"),
    path("mesajlar/", messages.index, name="messages"),
    path("mesajlar/<uuid:key>/bagla/", messages.assign, name="message_assign"),
    path("entegrasyonlar/", integrations.index, name="integrations"),
    path("entegrasyonlar/ideasoft/", stores.add, name="store_add"),
    path("entegrasyonlar/ideasoft/<str:code>/", stores.change, name="store"),
    path("entegrasyonlar/ideasoft/<str:code>/kaldir/", stores.remove, name="store_remove"),
    path("entegrasyonlar/netgsm/", account.edit, name="account"),
    path("entegrasyonlar/ideasoft/<str:code>/izin/", permission.begin, name="permission"),
    path("olaylar/", events.index, name="events"),
    path("olaylar/ideasoft/<str:code>/", events.add, name="event_add"),
    path("olaylar/<uuid:key>/", events.change, name="event"),
    path("olaylar/<uuid:key>/durum/", events.switch, name="event_switch"),
    path("olaylar/<uuid:key>/sira/", events.move, name="event_move"),
    path("ayarlar/", company.index, name="settings"),
    path("ayarlar/firma/", company.company, name="company"),
    path("ayarlar/siparisler/", terms.terms, name="terms"),
    path("ayarlar/ekip/", team.team, name="team"),
    path("ayarlar/ekip/<uuid:key>/rol/", team.change_role, name="member_role"),
    path("ayarlar/ekip/<uuid:key>/cikar/", team.remove, name="member_remove"),
    path("ayarlar/ekip/davet/<uuid:key>/yeniden/", team.send_again, name="invitation_again"),
    path("ayarlar/ekip/davet/<uuid:key>/geri-al/", team.withdraw, name="invitation_withdraw"),
    path("ayarlar/guvenlik/", person.security, name="security"),
    path("ayarlar/dil/", person.language, name="language"),
    path("gecis/", switching.switch, name="switch"),
    path("davet/<str:token>/", joining.join, name="invitation"),
    path("allow", permission.allow, name="allow"),
    path("accounts/login/", accounts.sign_in, name="account_login"),
    path("accounts/logout/", accounts.sign_out, name="account_logout"),
    path("accounts/signup/", accounts.sign_up, name="account_signup"),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("hooks/netgsm/<str:token>/sms", hooks.netgsm_sms, name="hook_sms"),
    path("hooks/netgsm/<str:token>/report", hooks.netgsm_report, name="hook_report"),
    path("hooks/ideasoft/<str:token>/<slug:topic>", hooks.ideasoft, name="hook_ideasoft"),
    path("metrics", metrics.metrics, name="metrics"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
]

handler500 = "portal.errors.server_error"
