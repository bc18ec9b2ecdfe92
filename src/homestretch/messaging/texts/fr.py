"""French. The SMS keep to letters of GSM 03.38: a single ê or ç would more than double their price."""

from __future__ import annotations

from homestretch.messaging.values import Text

TEXTS = {
    ("scheduled", "sms"): Text(
        "{organization} : commande {reference} prévue {window}. Suivi et consignes pour le livreur : {link} -"
        " Répondez STOP pour ne plus recevoir de SMS"
    ),
    ("changed", "sms"): Text(
        "{organization} : désolés, la commande {reference} arrivera plus tard que promis : {window} ({reason}). {link}"
    ),
    ("pickup", "sms"): Text("{organization} : commande {reference} à retirer : {window}, {address}. {link}"),
    ("cancelled", "sms"): Text(
        "{organization} : la commande {reference} est annulée et ne sera pas livrée. Questions : {phone}"
    ),
    ("on_the_way", "sms"): Text("{organization} : le livreur est en route, arrivée vers {expected}. {link}"),
    ("approaching", "sms"): Text("{organization} : le livreur arrive avec la commande {reference}."),
    ("delivered", "sms"): Text("{organization} : commande {reference} {done}. Merci !"),
    ("failed", "sms"): Text(
        "{organization} : le passage pour la commande {reference} n'a pas abouti ({reason}). La suite : {link}"
    ),
    ("survey", "sms"): Text("{organization} : satisfait de la commande {reference} ? Dix secondes : {link}"),
    ("help", "sms"): Text(
        "{organization} : ces SMS vous informent de vos livraisons. Questions : {phone}."
        " Répondez STOP pour ne plus en recevoir."
    ),
    ("scheduled", "email"): Text(
        "Bonjour {name},\n\nvotre commande {reference} est prévue {window}, à l'adresse : {address}.\n\n"
        "Pour la suivre et laisser des consignes au livreur :\n{link}\n\n{organization}",
        "Votre commande {reference} : {window}",
    ),
    ("changed", "email"): Text(
        "Bonjour {name},\n\nnous sommes désolés : votre commande {reference} arrivera plus tard que promis"
        " ({reason}).\n\nNous serons chez vous {window}. Pour la suivre et laisser des consignes au livreur :\n{link}"
        "\n\nQuestions : {phone}\n\n{organization}",
        "Votre commande {reference} arrivera plus tard : {window}",
    ),
    ("pickup", "email"): Text(
        "Bonjour {name},\n\nvotre commande {reference} vous attend {window}, à cette adresse : {address}.\n\n"
        "Vous pouvez la suivre, ou choisir un autre moment, ici :\n{link}\n\n{organization}",
        "Votre commande {reference} vous attend : {window}",
    ),
    ("cancelled", "email"): Text(
        "Bonjour {name},\n\nvotre commande {reference} est annulée : elle ne sera pas livrée comme promis.\n\n"
        "Questions : {phone}\n\n{organization}",
        "Votre commande {reference} est annulée",
    ),
    ("on_the_way", "email"): Text(
        "Bonjour {name},\n\nle livreur est en route vers vous ; arrivée vers {expected}.\n\n"
        "Pour le suivre :\n{link}\n\n{organization}",
        "Votre commande {reference} est en route",
    ),
    ("approaching", "email"): Text(
        "Bonjour {name},\n\nle livreur arrive avec votre commande {reference}.\n\n{link}\n\n{organization}",
        "Le livreur arrive",
    ),
    ("delivered", "email"): Text(
        "Bonjour {name},\n\nvotre commande {reference} a été {done}. Merci !\n\n{link}\n\n{organization}",
        "Votre commande {reference} a été {done}",
    ),
    ("failed", "email"): Text(
        "Bonjour {name},\n\nle passage pour votre commande {reference} n'a pas abouti : {reason}.\n\n"
        "La suite est indiquée ici :\n{link}\n\nQuestions : {phone}\n\n{organization}",
        "Votre commande {reference} : passage non abouti",
    ),
    ("survey", "email"): Text(
        "Bonjour {name},\n\ncomment s'est passée votre commande {reference} ? Dix secondes suffisent :\n{link}\n\n"
        "{organization}",
        "Comment cela s'est-il passé ?",
    ),
    ("invited", "sms"): Text("{organization} : quand livrer la commande {reference} ? Choisissez un horaire : {link}"),
    ("invited", "email"): Text(
        "Bonjour {name},\n\nnous avons votre commande {reference}. Choisissez ici le jour et l'heure de la livraison :"
        "\n{link}\n\n{organization}",
        "Quand livrer votre commande {reference} ?",
    ),
    ("link", "sms"): Text("{organization} : suivi de la commande {reference} et consignes pour le livreur : {link}"),
    ("link", "email"): Text(
        "Bonjour {name},\n\npour suivre votre commande {reference} et laisser des consignes au livreur :\n{link}"
        "\n\n{organization}",
        "Suivre votre commande {reference}",
    ),
}
FOOTER = "{organization} vous écrit au sujet de vos livraisons. Ne plus recevoir d'e-mails : {unsubscribe}"
SUBJECT = "À propos de votre commande {reference}"
