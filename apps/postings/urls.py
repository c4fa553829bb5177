from django.urls import path

from apps.postings import views
from apps.postings.library import views as library

app_name = "postings"
urlpatterns = [
    path("postings/", views.PostingList.as_view(), name="posting_list"),
    path("postings/new/", views.PostingCreate.as_view(), name="posting_create"),
    path("postings/<int:pk>/edit/", views.PostingEdit.as_view(), name="posting_edit"),
    path("postings/<int:pk>/publish/", views.PostingPublish.as_view(), name="posting_publish"),
    path("postings/<int:pk>/withdraw/", views.PostingWithdraw.as_view(), name="posting_withdraw"),
    path("postings/<int:pk>/renew/", views.PostingRenew.as_view(), name="posting_renew"),
    path("postings/<int:pk>/hold/", views.PostingHold.as_view(), name="posting_hold"),
    path("postings/<int:pk>/release/", views.PostingRelease.as_view(), name="posting_release"),
    path("library/", library.Library.as_view(), name="library"),
    path("library/new/", library.ResourceShare.as_view(), name="resource_share"),
    path("library/<int:pk>/open/", library.resource_open, name="resource_open"),
]
