from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = i18n_patterns(
    path("admin/", admin.site.urls),
    path("", include("apps.accounts.urls")),
    path("account/", include("allauth.urls")),
    path("", include("apps.notifications.urls")),
    path("", include("apps.cities.urls")),
    path("", include("apps.postings.urls")),
    path("", include("apps.ledger.urls")),
    path("", include("apps.pairings.urls")),
    path("", include("apps.matching.urls")),
    path("", include("apps.deliveries.urls")),
    path("", include("apps.dashboard.urls")),
)
