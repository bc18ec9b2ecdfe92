"""English."""

from __future__ import annotations

from homestretch.messaging.values import Text

TEXTS = {
    ("scheduled", "sms"): Text(
        "{organization}: order {reference} comes {window}. Follow it, or leave a note for the driver: {link} -"
        " Reply STOP for no more SMS"
    ),
    ("changed", "sms"): Text(
        "{organization}: we are sorry, order {reference} comes later than we said: {window} ({reason}). {link}"
    ),
    ("pickup", "sms"): Text("{organization}: order {reference} waits for you at {address}: {window}. {link}"),
    ("cancelled", "sms"): Text(
        "{organization}: order {reference} was called off and does not come. Questions: {phone}"
    ),
    ("on_the_way", "sms"): Text("{organization}: your driver is on the way, expected at about {expected}. {link}"),
    ("approaching", "sms"): Text("{organization}: your driver is nearly there with order {reference}."),
    ("delivered", "sms"): Text("{organization}: order {reference} was {done}. Thank you!"),
    ("failed", "sms"): Text(
        "{organization}: order {reference} could not be completed today ({reason}). What comes next: {link}"
    ),
    ("survey", "sms"): Text("{organization}: how did it go with order {reference}? Tell us in ten seconds: {link}"),
    ("help", "sms"): Text(
        "{organization}: these SMS tell you about your deliveries. Questions: {phone}. Reply STOP for no more SMS."
    ),
    ("scheduled", "email"): Text(
        "Hello {name},\n\nyour order {reference} is planned for {window}, at {address}.\n\n"
        "You can follow it, and leave a note for the driver, here:\n{link}\n\n{organization}",
        "Your order {reference}: {window}",
    ),
    ("changed", "email"): Text(
        "Hello {name},\n\nwe are sorry: your order {reference} comes later than we said, because {reason}.\n\n"
        "We now expect to be with you {window}. You can follow it, and leave a note for the driver, here:\n{link}\n\n"
        "Questions: {phone}\n\n{organization}",
        "Your order {reference} comes later: {window}",
    ),
    ("pickup", "email"): Text(
        "Hello {name},\n\nyour order {reference} waits for you {window}, at {address}.\n\n"
        "You can see it, or choose another time, here:\n{link}\n\n{organization}",
        "Your order {reference} waits for you: {window}",
    ),
    ("cancelled", "email"): Text(
        "Hello {name},\n\nyour order {reference} was called off: it does not come as we said.\n\nQuestions: {phone}"
        "\n\n{organization}",
        "Your order {reference} was called off",
    ),
    ("on_the_way", "email"): Text(
        "Hello {name},\n\nyour driver has set out to you and is expected at about {expected}.\n\n"
        "Follow the way here:\n{link}\n\n{organization}",
        "Your order {reference} is on the way",
    ),
    ("approaching", "email"): Text(
        "Hello {name},\n\nyour driver is nearly there with order {reference}.\n\n{link}\n\n{organization}",
        "Your driver is nearly there",
    ),
    ("delivered", "email"): Text(
        "Hello {name},\n\nyour order {reference} was {done}. Thank you!\n\n{link}\n\n{organization}",
        "Your order {reference} was {done}",
    ),
    ("failed", "email"): Text(
        "Hello {name},\n\nyour order {reference} could not be completed today: {reason}.\n\n"
        "What comes next stands here:\n{link}\n\nQuestions: {phone}\n\n{organization}",
        "Your order {reference} could not be completed",
    ),
    ("survey", "email"): Text(
        "Hello {name},\n\nhow did it go with your order {reference}? It takes ten seconds:\n{link}\n\n{organization}",
        "How did it go?",
    ),
    ("invited", "sms"): Text("{organization}: when shall we bring order {reference}? Choose a time: {link}"),
    ("invited", "email"): Text(
        "Hello {name},\n\nwe have your order {reference}. When shall we bring it? Choose a day and a time here:\n{link}"
        "\n\n{organization}",
        "Choose when your order {reference} comes",
    ),
    ("link", "sms"): Text("{organization}: follow your order {reference}, or leave a note for the driver: {link}"),
    ("link", "email"): Text(
        "Hello {name},\n\nhere you can follow your order {reference}, and leave a note for the driver:\n{link}"
        "\n\n{organization}",
        "Follow your order {reference}",
    ),
}
FOOTER = "{organization} writes to you about your deliveries. No more e-mails: {unsubscribe}"
SUBJECT = "About your order {reference}"
