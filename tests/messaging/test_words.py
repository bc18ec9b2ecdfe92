"""What is said is what was meant: templates are checked when saved, cost what is shown, and hold nothing but words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.messaging import actions, queries
from homestretch.messaging.rules import speech
from homestretch.messaging.rules.kinds import CHANNELS, KINDS, SAID_BY_US
from homestretch.messaging.rules.segments import count
from homestretch.messaging.rules.templates import check, clean, fill, variables
from homestretch.messaging.rules.words import meaning
from homestretch.messaging.texts import OURS
from homestretch.messaging.values import TemplateName, Text
from tests.town.dispatch import a_road
from tests.town.messaging import Post, it_is
from tests.town.orders import an_order
from tests.town.places import AT


@pytest.mark.parametrize("language", speech.LANGUAGES)
def test_there_are_words_for_every_kind_channel_and_language(language):
    wanted = {(kind, channel) for kind in (*SAID_BY_US, "link") for channel in CHANNELS} | {("help", "sms")}
    assert set(OURS[language]) == wanted


@pytest.mark.parametrize("language", speech.LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_our_own_words_pass_the_check_and_are_at_most_two_sms(language, kind):
    for (name, channel), text in OURS[language].items():
        if name == kind:
            size = check(kind, channel, text, speech.sample(language, kind))
            if size is not None:
                if language == "ar":  # not one letter of it is in GSM 03.38
                    assert size.encoding == "UCS-2"
                    assert size.segments <= 3
                    continue
                assert (size.encoding, size.costly) == ("GSM-7", "")
                assert size.segments <= 2


@pytest.mark.parametrize(
    ("text", "segments", "encoding"),
    [
        ("", 1, "GSM-7"),
        ("a" * 160, 1, "GSM-7"),
        ("a" * 161, 2, "GSM-7"),
        ("a" * 306, 2, "GSM-7"),
        ("a" * 307, 3, "GSM-7"),
        ("€" * 80, 1, "GSM-7"),
        ("€" * 81, 2, "GSM-7"),
        ("a" * 152 + "€" + "a" * 20, 2, "GSM-7"),
        ("a" * 152 + "€" + "a" * 151, 2, "GSM-7"),
        ("a" * 152 + "€" + "a" * 152, 3, "GSM-7"),  # the euro sign is not cut in two
        ("ê" * 70, 1, "UCS-2"),
        ("ê" * 71, 2, "UCS-2"),
        ("😀" * 35, 1, "UCS-2"),
        ("😀" * 36, 2, "UCS-2"),
        ("😀" * 67, 3, "UCS-2"),  # 33 in each of two parts
    ],
)
def test_sms_are_counted_as_they_are_paid(text, segments, encoding):
    found = count(text)
    assert (found.segments, found.encoding) == (segments, encoding)


@pytest.mark.parametrize(
    ("kind", "channel", "subject", "body", "code"),
    [
        ("scheduled", "sms", "", "{organization} {nothing} {link}", "template.variable_unknown"),
        ("scheduled", "sms", "", "{organization.secret} {link}", "template.syntax"),
        ("scheduled", "sms", "", "{organization!r} {link}", "template.syntax"),
        ("scheduled", "sms", "", "{} {link}", "template.syntax"),
        ("scheduled", "sms", "", "{link} and a { brace", "template.syntax"),
        ("scheduled", "sms", "", "{link} and a } brace", "template.syntax"),
        ("scheduled", "sms", "", "no way to see more", "template.link_missing"),
        ("scheduled", "sms", "", "{{link}}", "template.link_missing"),
        ("scheduled", "sms", "A subject", "{link}", "template.subject_unwanted"),
        ("scheduled", "email", " ", "{link}", "template.subject_missing"),
        ("scheduled", "email", "two\r\nBcc: all@example.com", "{link}", "template.too_long"),
        ("scheduled", "email", "{nobody}", "{link}", "template.variable_unknown"),
        ("delivered", "sms", "", "  ", "template.empty"),
        ("delivered", "sms", "", "a" * 481, "template.too_long"),
        ("delivered", "sms", "", "ê" * 300, "template.too_long"),
        ("delivered", "sms", "", "{address}" * 40, "template.too_long"),
        ("help", "email", "Help", "{phone}", "template.channel_unknown"),
        ("delivered", "post", "", "{phone}", "template.channel_unknown"),
        ("birthday", "sms", "", "{phone}", "template.kind_unknown"),
    ],
)
def test_words_that_could_not_be_sent_are_refused(kind, channel, subject, body, code):
    with pytest.raises(Refusal) as refused:
        check(kind, channel, Text(body, subject), speech.sample("en"))
    assert refused.value.code == code
    assert refused.value.remedy


@given(st.text(), st.text())
def test_a_value_is_never_read_as_a_template(name, other):
    assert fill("{name}|{{name}}|{reference}", {"name": name, "reference": other}) == f"{name}|{{name}}|{other}"


@given(st.text())
def test_a_cleaned_value_is_one_line(value):
    cleaned = clean(value)
    assert len(cleaned) <= 80
    assert cleaned.isprintable()


def test_variables_are_found():
    assert variables("{a} {{b}} {c_1}") == {"a", "c_1"}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("STOP", "stop"),
        (" stop. ", "stop"),
        ("Stop please!", "stop"),
        ("STOP ALL", "stop"),
        ("opt-out", "stop"),
        ("Arrêt", "stop"),
        ("ARRETER svp", "stop"),
        ("Stopp bitte", "stop"),
        ("abmelden", "stop"),
        ("START", "start"),
        ("Reprendre", "start"),
        ("help", "help"),
        ("AIDE ?", "help"),
        ("Hilfe!", "help"),
        ("stop by the neighbors", "other"),
        ("please", "other"),
        ("", "other"),
        ("12", "other"),
        ("Ich bin da", "other"),
    ],
)
def test_what_a_person_meant(text, meant):
    assert meaning(text) == meant


def test_an_organizations_own_words_go_before_ours(us: Actor, post: Post) -> None:
    made = actions.save_template(
        TemplateName("scheduled", "sms", "DE-at"), Text("Servus {name}: {window} {link}"), by=us, at=AT
    )
    assert (made.language, made.version, made.own) == ("de-AT", 1, True)
    person = {"name": "Rosa {link}", "phone": "+352621000009", "language": "de-AT", "consent": {"sms": True}}
    german = {**person, "phone": "+352621000008", "language": "de"}
    a_road(us, orders=[an_order(us, 9, recipient=person), an_order(us, 8, recipient=german)])
    it_is(AT)
    own, ours = post.taken(to="+352621000009")[0]["text"], post.taken(to="+352621000008")[0]["text"]
    assert own.startswith("Servus Rosa {link}: Mo 23.11., ")  # braces in a name stay braces
    assert ours.startswith("Greengrocer Vans: Bestellung A-8 kommt ")


def test_a_template_is_changed_by_whoever_saw_it_last_and_taken_back(us: Actor, stranger: Actor) -> None:
    text = Text("{organization}: {link}")
    actions.save_template(TemplateName("survey", "sms", "en"), text, version=0, by=us, at=AT)
    with pytest.raises(Refusal, match=r"template\.stale"):
        actions.save_template(TemplateName("survey", "sms", "en"), text, version=0, by=us, at=AT)
    assert (
        actions.save_template(TemplateName("survey", "sms", "en"), Text("{link}"), version=1, by=us, at=AT).version == 2
    )
    with scope(stranger):
        assert queries.template("survey", "sms", "en").own is False
    with pytest.raises(Refusal, match=r"template\.not_found"):
        actions.reset_template(TemplateName("survey", "sms", "en"), by=stranger, at=AT)
    ours = actions.reset_template(TemplateName("survey", "sms", "en"), version=2, by=us, at=AT)
    assert (ours.own, ours.text) == (False, OURS["en"]["survey", "sms"])


def test_a_preview_shows_what_it_costs(us: Actor) -> None:
    with scope(us):
        shown = queries.preview("delivered", "sms", "fr", Text("Reçu : {reference}, {done}"))
        mail = queries.preview("delivered", "email", "de", Text("{name}: {done}", "{reference}"))
    assert (shown.body, shown.segments, shown.encoding) == ("Reçu : A-10423, livrée", 1, "UCS-2")
    assert (mail.subject, mail.body, mail.segments) == ("A-10423", "Rosa Weber: zugestellt", None)
