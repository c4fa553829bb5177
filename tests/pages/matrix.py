"""Who may do what: every address of ours x persona -> the answer. Read by test_matrix.

`login` is a redirect to the sign-in page, 302 any other; 422 is a refusal by the domain, with a sentence.
own: officer of the row's city (the giver's); partner: officer of the other city; other: officer of a
third city; serving: a coordinator who also speaks for the row's city.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.uploads import upload

PERSONAS = (
    "anonymous",
    "newcomer",
    "own",
    "partner",
    "other",
    "coordinator",
    "serving",
    "administrator",
)

STARTS_A_ROUND = ("matching:round_open", "matching:round_retry")  # while none waits

TABLE = """
# address                       row                method anon   new  own  part oth  coor serv admin
accounts:profile                -                  GET    login  200  200  200  200  200  200  200
accounts:profile                -                  POST   login  302  302  302  302  302  302  302

notifications:notification_list      -             GET    login  200  200  200  200  200  200  200
notifications:notification_read_all  -             GET    login  405  405  405  405  405  405  405
notifications:notification_read_all  -             POST   login  302  302  302  302  302  302  302
notifications:notification_open      news          GET    login  404  302  404  404  404  404  404
notifications:notification_read      news          GET    login  405  405  405  405  405  405  405
notifications:notification_read      news          POST   login  404  302  404  404  404  404  404
notifications:preferences            -             GET    login  200  200  200  200  200  200  200
notifications:preferences            -             POST   login  302  302  302  302  302  302  302

dashboard:city_list                -                  GET    200    200  200  200  200  200  200  200
cities:city_lookup              -                  GET    200    200  200  200  200  200  200  200
cities:tie_list                 -                  GET    200    200  200  200  200  200  200  200
dashboard:city_detail           city.full          GET    200    200  200  200  200  200  200  200
dashboard:city_detail           city.bare          GET    200    200  200  200  200  200  200  200
dashboard:city_detail           city.state         GET    200    200  200  200  200  200  200  200
dashboard:city_detail           city.country       GET    200    200  200  200  200  200  200  200
cities:liaison_request          -                  GET    login  200  200  200  200  200  200  200
cities:liaison_request          -                  POST   login  302  422  422  422  302  422  302
cities:liaison_detail           liaison.requested  GET    login  404  404  404  404  200  200  200
cities:liaison_detail           liaison.confirmed  GET    login  404  404  404  404  200  200  200
cities:liaison_confirm          liaison.requested  GET    login  404  404  404  404  200  200  200
cities:liaison_confirm          liaison.requested  POST   login  404  404  404  404  302  302  302
cities:liaison_confirm          liaison.refused    POST   login  404  404  404  404  422  422  422
cities:liaison_refuse           liaison.requested  GET    login  404  404  404  404  200  200  200
cities:liaison_refuse           liaison.requested  POST   login  404  404  404  404  302  302  302
cities:liaison_refuse           liaison.confirmed  POST   login  404  404  404  404  422  422  422
cities:liaison_remove           liaison.confirmed  GET    login  404  404  404  404  403  403  200
cities:liaison_remove           liaison.confirmed  POST   login  404  404  404  404  403  403  302
cities:liaison_remove           liaison.requested  POST   login  404  404  404  404  403  403  422

postings:posting_list           -                  GET    200    200  200  200  200  200  200  200
postings:library                -                  GET    200    200  200  200  200  200  200  200
postings:resource_open          resource           GET    302    302  302  302  302  302  302  302
postings:posting_create         -                  GET    login  403  200  200  200  403  200  403
postings:posting_create         -                  POST   login  403  302  302  302  403  302  403
dashboard:posting_preview       -                  GET    login  403  302  302  302  403  302  403
dashboard:posting_preview       -                  POST   login  403  200  200  200  403  200  403
dashboard:posting_hints         -                  GET    login  403  404  404  404  403  404  403
postings:resource_share         -                  GET    login  403  200  200  200  403  200  403
postings:resource_share         -                  POST   login  403  302  302  302  403  302  403
dashboard:posting_detail        need.draft         GET    404    404  200  404  404  200  200  200
dashboard:posting_detail        need.open          GET    200    200  200  200  200  200  200  200
dashboard:posting_detail        need.held          GET    404    404  200  404  404  200  200  200
dashboard:posting_detail        need.fulfilled     GET    200    200  200  200  200  200  200  200
dashboard:posting_detail        need.withdrawn     GET    404    404  200  404  404  200  200  200
dashboard:posting_detail        need.expired       GET    404    404  200  404  404  200  200  200
dashboard:posting_detail        offer.draft        GET    404    404  200  404  404  200  200  200
dashboard:posting_detail        offer.open         GET    200    200  200  200  200  200  200  200
dashboard:posting_detail        offer.knowledge    GET    200    200  200  200  200  200  200  200
postings:posting_edit           need.open          GET    login  403  200  403  403  403  200  200
postings:posting_edit           need.open          POST   login  403  302  403  403  403  302  302
postings:posting_edit           need.draft         GET    login  404  200  404  404  403  200  200
postings:posting_edit           need.withdrawn     POST   login  404  422  404  404  403  422  422
postings:posting_attach         need.open          GET    login  403  200  403  403  403  200  200
postings:posting_attach         need.open          POST   login  403  302  403  403  403  302  302
postings:posting_attach         need.withdrawn     POST   login  404  422  404  404  403  422  422
postings:attachment_download    attachment         GET    200    200  200  200  200  200  200  200
postings:attachment_remove      attachment         GET    login  403  200  403  403  200  200  200
postings:attachment_remove      attachment         POST   login  403  302  403  403  302  302  302
postings:posting_publish        need.draft         GET    login  404  200  404  404  403  200  200
postings:posting_publish        need.draft         POST   login  404  302  404  404  403  302  302
postings:posting_publish        need.withdrawn     POST   login  404  422  404  404  403  422  422
postings:posting_withdraw       need.open          GET    login  403  200  403  403  200  200  200
postings:posting_withdraw       need.open          POST   login  403  302  403  403  302  302  302
postings:posting_withdraw       need.expired       POST   login  404  422  404  404  422  422  422
postings:posting_renew          need.expired       GET    login  404  200  404  404  403  200  200
postings:posting_renew          need.expired       POST   login  404  302  404  404  403  302  302
postings:posting_renew          need.open          POST   login  403  302  403  403  403  302  302
postings:posting_renew          need.withdrawn     POST   login  404  422  404  404  403  422  422
postings:posting_hold           need.open          GET    login  403  403  403  403  200  200  200
postings:posting_hold           need.open          POST   login  403  403  403  403  302  302  302
postings:posting_hold           need.draft         POST   login  404  403  404  404  422  422  422
postings:posting_release        need.held          GET    login  404  403  404  404  200  200  200
postings:posting_release        need.held          POST   login  404  403  404  404  302  302  302
postings:posting_release        need.open          POST   login  403  403  403  403  422  422  422

ledger:entry_list               -                  GET    200    200  200  200  200  200  200  200
ledger:entries_csv              -                  GET    200    200  200  200  200  200  200  200
ledger:entries_xlsx             -                  GET    200    200  200  200  200  200  200  200
ledger:verify                   -                  GET    200    200  200  200  200  200  200  200
dashboard:entry_detail          entry.unknown      GET    200    200  200  200  200  200  200  200
dashboard:entry_detail          entry.reversal     GET    200    200  200  200  200  200  200  200
ledger:gift_list                -                  GET    200    200  200  200  200  200  200  200
ledger:gift_create              -                  GET    login  403  200  200  200  403  200  403
ledger:gift_create              -                  POST   login  403  302  302  302  403  302  403
ledger:gift_detail              gift.recorded      GET    200    200  200  200  200  200  200  200
ledger:gift_detail              gift.withdrawn     GET    404    404  404  404  404  200  200  200
ledger:gift_confirm             gift.recorded      GET    login  403  403  200  403  200  200  200
ledger:gift_confirm             gift.recorded      POST   login  403  403  302  403  302  302  302
ledger:gift_confirm             gift.confirmed     POST   login  403  403  422  403  422  422  422
ledger:gift_confirm             gift.withdrawn     POST   login  404  404  404  404  422  422  422
ledger:gift_withdraw            gift.recorded      GET    login  403  200  403  403  200  200  200
ledger:gift_withdraw            gift.recorded      POST   login  403  302  403  403  302  302  302
ledger:gift_withdraw            gift.confirmed     POST   login  403  422  403  403  422  422  422

ledger:question_ask             entry.unknown      GET    200    200  200  200  200  200  200  200
ledger:question_ask             entry.unknown      POST   302    302  302  302  302  302  302  302
ledger:question_list            -                  GET    login  403  403  403  403  200  200  200
ledger:question_detail          question.asked     GET    404    404  404  404  404  200  200  200
ledger:question_detail          question.answered  GET    200    200  200  200  200  200  200  200
ledger:question_detail          question.refused   GET    404    404  404  404  404  200  200  200
ledger:question_answer          question.asked     GET    login  404  404  404  404  200  200  200
ledger:question_answer          question.asked     POST   login  404  404  404  404  302  302  302
ledger:question_answer          question.answered  POST   login  403  403  403  403  422  422  422
ledger:question_refuse          question.asked     GET    login  404  404  404  404  200  200  200
ledger:question_refuse          question.asked     POST   login  404  404  404  404  302  302  302
ledger:question_refuse          question.refused   POST   login  404  404  404  404  422  422  422
ledger:outside_offer            -                  GET    200    200  200  200  200  200  200  200
ledger:outside_offer            -                  POST   302    302  302  302  302  302  302  302
ledger:outside_offer_list       -                  GET    login  403  200  200  200  200  200  200
ledger:outside_offer_detail     outside.offered    GET    login  404  200  404  404  200  200  200
ledger:outside_offer_detail     outside.adopted    GET    login  404  200  404  404  200  200  200
ledger:outside_offer_detail     outside.declined   GET    login  404  200  404  404  200  200  200
ledger:outside_offer_adopt      outside.offered    GET    login  404  200  404  404  403  200  200
ledger:outside_offer_adopt      outside.offered    POST   login  404  302  404  404  403  302  302
ledger:outside_offer_adopt      outside.adopted    POST   login  404  422  404  404  403  422  422
ledger:outside_offer_decline    outside.offered    GET    login  404  200  404  404  200  200  200
ledger:outside_offer_decline    outside.offered    POST   login  404  302  404  404  302  302  302
ledger:outside_offer_decline    outside.declined   POST   login  404  422  404  404  422  422  422
dashboard:flow_list             -                  GET    200    200  200  200  200  200  200  200

pairings:pairing_list           -                  GET    200    200  200  200  200  200  200  200
pairings:hubei_2020             -                  GET    200    200  200  200  200  200  200  200
pairings:pairing_propose        -                  GET    login  403  200  200  200  200  200  200
pairings:pairing_propose        -                  POST   login  403  302  422  422  302  302  302
dashboard:pairing_detail        pairing.proposed   GET    404    404  404  404  404  200  200  200
dashboard:pairing_detail        pairing.approved   GET    404    404  200  200  404  200  200  200
dashboard:pairing_detail        pairing.rejected   GET    404    404  404  404  404  200  200  200
dashboard:pairing_detail        pairing.expired    GET    404    404  200  200  404  200  200  200
dashboard:pairing_detail        pairing.active     GET    200    200  200  200  200  200  200  200
dashboard:pairing_detail        pairing.declined   GET    404    404  200  200  404  200  200  200
dashboard:pairing_detail        pairing.cancelled  GET    404    404  200  200  404  200  200  200
dashboard:pairing_detail        pairing.suspended  GET    200    200  200  200  200  200  200  200
dashboard:pairing_detail        pairing.ended      GET    200    200  200  200  200  200  200  200
pairings:pairing_approve        pairing.proposed   GET    login  404  404  404  404  200  403  200
pairings:pairing_approve        pairing.proposed   POST   login  404  404  404  404  302  403  302
pairings:pairing_approve        pairing.active     POST   login  403  403  403  403  422  403  422
pairings:pairing_reject         pairing.proposed   GET    login  404  404  404  404  200  200  200
pairings:pairing_reject         pairing.proposed   POST   login  404  404  404  404  302  302  302
pairings:pairing_reject         pairing.approved   POST   login  404  403  403  404  422  422  422
pairings:pairing_accept         pairing.approved   GET    login  404  200  200  404  403  200  403
pairings:pairing_accept         pairing.approved   POST   login  404  302  302  404  403  302  403
pairings:pairing_accept         pairing.active     POST   login  403  422  422  403  403  422  403
pairings:pairing_accept         pairing.proposed   POST   login  404  404  404  404  403  422  403
pairings:pairing_decline        pairing.approved   GET    login  404  200  200  404  403  200  403
pairings:pairing_decline        pairing.approved   POST   login  404  302  302  404  403  302  403
pairings:pairing_decline        pairing.ended      POST   login  403  422  422  403  403  422  403
pairings:pairing_cancel         pairing.approved   GET    login  404  403  403  404  200  403  200
pairings:pairing_cancel         pairing.approved   POST   login  404  403  403  404  302  403  302
pairings:pairing_cancel         pairing.active     POST   login  403  403  403  403  422  403  422
pairings:pairing_review         pairing.active     GET    login  403  200  200  403  200  200  200
pairings:pairing_review         pairing.active     POST   login  403  302  302  403  302  302  302
pairings:pairing_review         pairing.approved   POST   login  404  422  422  404  422  422  422
pairings:message_write          pairing.active     GET    login  403  200  200  403  200  200  200
pairings:message_write          pairing.active     POST   login  403  302  302  403  302  302  302
pairings:message_write          pairing.approved   POST   login  404  302  302  404  302  302  302
pairings:message_write          pairing.ended      POST   login  403  422  422  403  422  422  422
pairings:message_read           pairing.active     GET    login  403  200  200  403  403  200  403
pairings:message_read           pairing.active     POST   login  403  302  302  403  403  302  403
pairings:agreement_add          pairing.active     GET    login  403  200  200  403  200  200  200
pairings:agreement_add          pairing.active     POST   login  403  302  302  403  302  302  302
pairings:agreement_add          pairing.approved   POST   login  404  422  422  404  422  422  422
pairings:agreement_download     agreement          GET    login  404  200  200  404  200  200  200

pairings:exchange_list          -                  GET    200    200  200  200  200  200  200  200
pairings:exchange_create        -                  GET    login  403  200  200  200  403  200  403
pairings:exchange_create        -                  POST   login  403  302  302  302  403  302  403
pairings:exchange_detail        exchange.planned   GET    200    200  200  200  200  200  200  200
pairings:exchange_detail        exchange.cancelled GET    404    404  404  404  404  200  200  200
pairings:exchange_invite        exchange.planned   GET    login  403  200  200  403  200  200  200
pairings:exchange_invite        exchange.cancelled GET    login  404  404  404  404  200  200  200
pairings:exchange_hold          exchange.planned   GET    login  403  200  200  403  200  200  200
pairings:exchange_hold          exchange.planned   POST   login  403  302  302  403  302  302  302
pairings:exchange_hold          exchange.held      POST   login  403  422  422  403  422  422  422
pairings:exchange_cancel        exchange.planned   GET    login  403  200  200  403  200  200  200
pairings:exchange_cancel        exchange.planned   POST   login  403  302  302  403  302  302  302
pairings:exchange_cancel        exchange.cancelled POST   login  404  404  404  404  422  422  422

matching:pairing_alternatives   pairing.proposed   GET    login  403  403  403  403  200  200  200
matching:method                 -                  GET    200    200  200  200  200  200  200  200
matching:round_list             -                  GET    login  403  403  403  403  200  200  200
matching:round_open             -                  GET    login  403  403  403  403  200  200  200
matching:round_open             -                  POST   login  403  403  403  403  302  302  302
matching:round_detail           round.finished     GET    login  404  404  404  404  200  200  200
matching:round_detail           round.running      GET    login  404  404  404  404  200  200  200
matching:round_progress         round.running      GET    login  404  404  404  404  200  200  200
matching:round_progress         round.finished     GET    login  404  404  404  404  200  200  200
matching:round_cancel           round.open         GET    login  404  404  404  404  200  200  200
matching:round_cancel           round.open         POST   login  404  404  404  404  302  302  302
matching:round_cancel           round.finished     POST   login  404  404  404  404  422  422  422
matching:round_retry            round.failed       GET    login  404  404  404  404  200  200  200
matching:round_retry            round.failed       POST   login  404  404  404  404  302  302  302
matching:round_retry            round.finished     POST   login  404  404  404  404  422  422  422
matching:round_replay           round.dry          GET    login  404  404  404  404  403  403  200
matching:round_replay           round.dry          POST   login  404  404  404  404  403  403  302
matching:round_replay           round.finished     POST   login  404  404  404  404  403  403  422

matching:match_list             -                  GET    login  200  200  200  200  200  200  200
dashboard:match_detail          match.proposed     GET    login  404  404  404  404  200  200  200
dashboard:match_detail          match.approved     GET    login  404  200  200  404  200  200  200
dashboard:match_detail          match.rejected     GET    login  404  404  404  404  200  200  200
dashboard:match_detail          match.expired      GET    login  404  200  200  404  200  200  200
dashboard:match_detail          match.accepted     GET    login  404  200  200  404  200  200  200
dashboard:match_detail          match.declined     GET    login  404  200  200  404  200  200  200
dashboard:match_detail          match.cancelled    GET    login  404  200  200  404  200  200  200
dashboard:match_detail          match.completed    GET    login  404  200  200  404  200  200  200
matching:match_approve          match.proposed     GET    login  404  404  404  404  200  403  200
matching:match_approve          match.proposed     POST   login  404  404  404  404  302  403  302
matching:match_approve          match.approved     POST   login  404  403  403  404  422  403  422
matching:match_reject           match.proposed     GET    login  404  404  404  404  200  200  200
matching:match_reject           match.proposed     POST   login  404  404  404  404  302  302  302
matching:match_reject           match.approved     POST   login  404  403  403  404  422  422  422
matching:match_accept           match.approved     GET    login  404  200  200  404  403  200  403
matching:match_accept           match.approved     POST   login  404  302  302  404  403  302  403
matching:match_accept           match.accepted     POST   login  404  422  422  404  403  422  403
matching:match_accept           match.proposed     POST   login  404  404  404  404  403  422  403
matching:match_decline          match.approved     GET    login  404  200  200  404  403  200  403
matching:match_decline          match.approved     POST   login  404  302  302  404  403  302  403
matching:match_decline          match.accepted     POST   login  404  422  422  404  403  422  403
matching:match_cancel           match.accepted     GET    login  404  403  403  404  200  403  200
matching:match_cancel           match.accepted     POST   login  404  403  403  404  302  403  302
matching:match_cancel           match.approved     POST   login  404  403  403  404  302  403  302
matching:match_cancel           match.partly       POST   login  404  403  403  404  422  403  422

deliveries:delivery_dispatch    match.accepted     GET    login  404  200  403  404  200  200  200
deliveries:delivery_dispatch    match.accepted     POST   login  404  302  403  404  302  302  302
deliveries:delivery_dispatch    match.approved     POST   login  404  422  403  404  422  422  422
deliveries:match_close          match.partly       GET    login  404  200  200  404  200  200  200
deliveries:match_close          match.partly       POST   login  404  302  302  404  302  302  302
deliveries:match_close          match.accepted     POST   login  404  422  422  404  422  422  422
deliveries:delivery_detail      delivery.received  GET    login  404  200  200  404  200  200  200
deliveries:delivery_hold        delivery.dispatched GET   login  404  200  200  404  200  200  200
deliveries:delivery_hold        delivery.dispatched POST  login  404  302  302  404  302  302  302
deliveries:delivery_hold        delivery.received  POST   login  404  422  422  404  422  422  422
deliveries:delivery_release     delivery.held      GET    login  404  200  200  404  200  200  200
deliveries:delivery_release     delivery.held      POST   login  404  302  302  404  302  302  302
deliveries:delivery_release     delivery.received  POST   login  404  422  422  404  422  422  422
deliveries:delivery_receive     delivery.dispatched GET   login  404  403  200  404  200  200  200
deliveries:delivery_receive     delivery.dispatched POST  login  404  403  302  404  302  302  302
deliveries:delivery_receive     delivery.held      POST   login  404  403  302  404  302  302  302
deliveries:delivery_receive     delivery.lost      POST   login  404  403  422  404  422  422  422
deliveries:delivery_lose        delivery.held      GET    login  404  200  200  404  200  200  200
deliveries:delivery_lose        delivery.held      POST   login  404  302  302  404  302  302  302
deliveries:delivery_lose        delivery.lost      POST   login  404  422  422  404  422  422  422
deliveries:delivery_distribute  delivery.received  GET    login  404  403  200  404  200  200  200
deliveries:delivery_distribute  delivery.received  POST   login  404  403  302  404  302  302  302
deliveries:delivery_distribute  delivery.held      POST   login  404  403  422  404  422  422  422

dashboard:home                  -                  GET    200    200  200  200  200  200  200  200
dashboard:about                 -                  GET    200    200  200  200  200  200  200  200
dashboard:styleguide            -                  GET    login  403  403  403  403  403  403  200
dashboard:privacy               -                  GET    200    200  200  200  200  200  200  200
dashboard:licences              -                  GET    200    200  200  200  200  200  200  200
dashboard:gap                   -                  GET    200    200  200  200  200  200  200  200
dashboard:replay_2020           -                  GET    200    200  200  200  200  200  200  200
dashboard:replay_2020_csv       -                  GET    200    200  200  200  200  200  200  200
dashboard:my_city               -                  GET    login  200  200  200  200  200  200  200
dashboard:queue                 -                  GET    login  403  403  403  403  200  200  200
dashboard:approve_chosen        -                  GET    login  403  403  403  403  200  200  200
dashboard:approve_chosen        -                  POST   login  403  403  403  403  302  422  302
dashboard:undo                  -                  GET    login  403  403  403  403  200  200  200
dashboard:undo                  -                  POST   login  403  403  403  403  422  422  422
"""


@dataclass(frozen=True)
class Row:
    """One line of the table; `key` names a row of the world, or is empty."""

    name: str
    key: str
    method: str
    answers: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.name} {self.key}".strip()


def read(table: str) -> Iterator[Row]:
    for line in table.splitlines():
        if line and not line.startswith("#"):
            name, key, method, *answers = line.split()
            found = dict(zip(PERSONAS, answers, strict=True))
            yield Row(name, key if key != "-" else "", method, found)


ROWS = list(read(TABLE))


def a_pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("agreement.pdf", b"%PDF-1.7\n%%EOF\n")


def data_for(name: str, world: Any) -> dict[str, Any]:
    """What fills the form of that address in rightly, for whoever may send it."""
    today = str(world.goods.today)
    item = world.goods.goggles.pk
    posted = {"kind": "need", "item": item, "quantity": "5,000", "urgency": "2", "version": "1"}
    number = "00000000-0000-4000-8000-000000000001"
    sheet = {
        "kind": "need",
        "line-0-item": item,
        "line-0-quantity": "5,000",
        "urgency": "2",
        "submission": number,
    }
    forms: dict[str, dict[str, Any]] = {
        "accounts:profile": {"name": "New Name", "language": "en", "time_zone": "Asia/Shanghai"},
        "cities:liaison_request": {"city": world.bare.code, "office": "Mayor's office"},
        "notifications:preferences": {"groups": ["gifts"]},
        "postings:posting_create": sheet,
        "dashboard:posting_preview": sheet,
        "postings:posting_edit": posted,
        "postings:posting_attach": {"file": upload("photo.png")},
        "postings:resource_share": {
            "item": world.goods.manual.pk,
            "title": "A course",
            "url": "https://example.org/course",
            "language": "en",
            "licence": "CC0",
        },
        "ledger:question_ask": {"text": "Is it right?", "submission": number},
        "ledger:question_answer": {"text": "It is."},
        "ledger:outside_offer": {
            "kind": "company",
            "name": "A Company",
            "email": "company@example.org",
            "city": world.bare.code,
            "item": item,
            "quantity": "500",
            "submission": number,
        },
        "ledger:gift_create": {"receiver": world.bare.code, "item": item, "submission": number},
        "pairings:pairing_propose": {"left": world.wuxi.code, "right": world.tacoma.code},
        "pairings:exchange_create": {
            "kind": "call",
            "subject": "Masks",
            "takes_place_on": today,
            "cities": world.bare.code,
        },
        "pairings:pairing_review": {"review_on": "2099-01-01", "term_until": "2099-12-31"},
        "pairings:message_write": {"text": "Hello", "language": "en"},
        "pairings:message_read": {"up_to": world["message"].pk},
        "pairings:agreement_add": {"file": a_pdf(), "signed_on": today},
        "matching:round_open": {"policy": "pair_first", "objective": "widest", "pool": "country"},
        "matching:match_approve": {"quantity": "100"},
        "dashboard:approve_chosen": {"keys": f"match-{world['match.proposed'].pk}"},
        "dashboard:undo": {"keys": "match-0"},
        "deliveries:delivery_dispatch": {
            "quantity": "50",
            "dispatched_on": today,
            "giver_kind": "company",
            "submission": number,
        },
        "deliveries:delivery_hold": {"reason": "weather", "since": today},
        "deliveries:delivery_release": {"until": today},
        "deliveries:delivery_receive": {"quantity": "100", "received_on": today},
        "deliveries:delivery_distribute": {
            "recipient": "A hospital",
            "kind": "hospital",
            "quantity": "5",
        },
    }
    return forms.get(name, {"reason": "For a reason."})
