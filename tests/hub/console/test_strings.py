"""Every sentence stands in both languages, every one that is asked for is there, and none lies about unused."""

import re
from pathlib import Path

import pytest

import hub.console
from contract.destinations import Channel
from contract.grounds import DecidedBy, Ground
from contract.identity_evidence import Cue
from contract.messages import IdentityResult, LegalMode, Presented, Priority, Service, Severity
from contract.words import Strings, TranslationMissing, read
from hub.adapters.population import Fact, Says
from hub.console import evidence, pages
from hub.console.strings import FOLDER, strings
from hub.feedback import book
from hub.fleet.events import Kind
from hub.fleet.rules import RULES
from hub.fleet.standing import Standing
from hub.fleet.wishes import VERBS
from hub.register import post_check
from hub.register.transfers import RefundReason
from hub.roster import Role
from hub.signing.roles import Role as CertificateRole
from hub.signing.source_board import KINDS
from hub.store.tables import DeliveryState, DocumentState, JobPlace, RolloutState, UpgradeState

ROOM = Path(hub.console.__file__).parent
SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for path in ROOM.rglob("*")
    if path.suffix in (".html", ".py", ".js") and path.parent.name != "strings"
)
BUILT = {
    *(f"role.{role}" for role in Role),
    *(f"mode.{mode}" for mode in LegalMode),
    *(f"presented.{each}" for each in Presented),
    *(f"severity.{each}" for each in Severity),
    *(f"identity.{each}" for each in IdentityResult),
    *(f"identity.{each}" for each in Cue),
    *(f"queue.{each.lower()}" for each in Priority if each is not Priority.NONE),
    *(f"checks.{each}" for each in post_check.RESULTS),
    *(f"standing.{each}" for each in Standing),
    *(f"service.{each}" for each in Service if each is not Service.IN_SERVICE),
    *(f"rule.{each}" for each in RULES),
    *(f"verb.{each.replace('-', '_')}" for each in VERBS),
    *(f"job.{each}" for each in JobPlace),
    *(f"rollout.{each}" for each in RolloutState),
    *(f"moment.{each}" for each in (*Kind, "ALERT", "ALERT_OVER", "JOB")),
    *(f"kiosk.{each}" for each in ("day", "month", "year")),
    *(f"certificate_role.{each}" for each in CertificateRole),
    *(f"source.{each}" for each in KINDS),
    *(f"source_remedy.{each}" for each in KINDS),
    *(f"population.{each}" for each in (*Says, *Fact)),
    *(f"paper_state.{each}" for each in DocumentState if each is not DocumentState.AS_BROUGHT),
    *(f"channel.{each}" for each in Channel),
    *(f"delivery.{each}" for each in DeliveryState),
    *(f"upgrade.{each}" for each in UpgradeState),
    *(f"face.{each}" for each in book.FACES),
    *(f"refund.{each}" for each in RefundReason),
    *(f"login.{why}" for why in ("wrong", "locked", "over", "refused")),
}
"""Keys that pages put together from a value."""


def test_both_languages_hold_the_same_sentences_with_the_same_places() -> None:
    vi, en = read(FOLDER, "vi"), read(FOLDER, "en")
    assert vi.keys() == en.keys()
    for key in vi:
        assert set(re.findall(r"\{\w+\}", vi[key])) == set(re.findall(r"\{\w+\}", en[key])), key
        assert vi[key].strip() and en[key].strip(), key


def test_missing_translation_is_a_fault_that_names_it() -> None:
    with pytest.raises(TranslationMissing, match=r"queue\.title"):
        Strings({"queue.title": "Hồ sơ"}, {})


def test_every_sentence_that_is_asked_for_is_there() -> None:
    asked = set(re.findall(r"""(?:\bt|word|strings\(\)|_words)\(\s*["']([a-z_]+\.[A-Za-z_0-9]+)["']""", SOURCES))
    assert len(asked) > 80
    assert asked | BUILT <= strings().keys
    said = set(re.findall(r"""sentence\(["']([a-zA-Z_]+)["']""", SOURCES))
    assert {f"js.{key}" for key in said} <= strings().keys


def test_no_sentence_lies_about_unused() -> None:
    quoted = set(re.findall(r"""["']([A-Za-z_][\w.]*)["']""", SOURCES)) | set(re.findall(r"words\.(\w+)", SOURCES))
    unused = {
        key
        for key in strings().keys - BUILT
        if key not in quoted and key.split(".")[1] not in quoted and not key.startswith(("refusal.", "js."))
    }
    assert unused == set()


@pytest.mark.parametrize("ground", [each for each in Ground if each.decided_by is not DecidedBy.ADVISE])
def test_each_ground_of_refusal_begins_with_a_text_to_the_citizen(ground: Ground) -> None:
    (found,) = (each for each in evidence.refusal_grounds() if each.code == ground.value)
    assert ground.vi in found.text and ground.basis in found.text
    assert len(found.text) < 2000


def test_every_page_of_the_navigation_has_its_words() -> None:
    assert {nav.words for nav in pages.navigation()} <= strings().keys
