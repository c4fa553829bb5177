from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.urls import translate_url
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.generic import UpdateView

from apps.accounts.forms import ProfileForm
from apps.accounts.models import User


class Profile(LoginRequiredMixin, UpdateView):
    form_class = ProfileForm
    template_name = "accounts/profile.html"
    context_object_name = "person"

    def get_object(self, queryset: object = None) -> User:
        """A copy of its own: what is refused does not show in the head of the page."""
        return User.objects.get(pk=self.request.user.pk)

    def form_invalid(self, form: ProfileForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_success_url(self) -> str:
        """The same page in the language the person has just chosen."""
        with translation.override(self.object.language):
            messages.success(self.request, _("Saved."))
        return translate_url(self.request.path, self.object.language)
