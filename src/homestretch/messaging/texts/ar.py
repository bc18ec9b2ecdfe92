"""Arabic. An SMS in it is written in UCS-2: 70 letters for one, 67 for each of several."""

from __future__ import annotations

from homestretch.messaging.values import Text

TEXTS = {
    ("scheduled", "sms"): Text(
        "{organization}: طلبك {reference} يصل {window}. للمتابعة: {link} لإيقاف الرسائل أرسل STOP"
    ),
    ("changed", "sms"): Text("{organization}: نأسف، سيتأخر طلبك {reference}: {window} ({reason}). {link}"),
    ("pickup", "sms"): Text("{organization}: طلبك {reference} ينتظرك {window} في {address}. {link}"),
    ("cancelled", "sms"): Text("{organization}: أُلغي طلبك {reference} ولن يصل. للأسئلة: {phone}"),
    ("on_the_way", "sms"): Text("{organization}: السائق في الطريق، الوصول نحو {expected}. {link}"),
    ("approaching", "sms"): Text("{organization}: السائق على وشك الوصول بالطلب {reference}."),
    ("delivered", "sms"): Text("{organization}: الطلب {reference}: {done}. شكراً لك!"),
    ("failed", "sms"): Text("{organization}: تعذّر إتمام الطلب {reference} اليوم ({reason}). الخطوة التالية: {link}"),
    ("survey", "sms"): Text("{organization}: كيف كان الطلب {reference}؟ عشر ثوانٍ تكفي: {link}"),
    ("help", "sms"): Text("{organization}: تخبرك هذه الرسائل بطلباتك. للأسئلة: {phone}. لإيقافها أرسل STOP."),
    ("invited", "sms"): Text("{organization}: متى نحضر الطلب {reference}؟ اختر الموعد: {link}"),
    ("scheduled", "email"): Text(
        "مرحباً {name}،\n\nطلبك {reference} مقرر {window}، إلى العنوان: {address}.\n\n"
        "يمكنك متابعته وترك ملاحظة للسائق هنا:\n{link}\n\n{organization}",
        "طلبك {reference}: {window}",
    ),
    ("changed", "email"): Text(
        "مرحباً {name}،\n\nنأسف، سيصل طلبك {reference} بعد الموعد الذي وعدناك به: {reason}.\n\n"
        "الموعد الجديد: {window}. يمكنك متابعته وترك ملاحظة للسائق هنا:\n{link}\n\nللأسئلة: {phone}\n\n{organization}",
        "سيتأخر طلبك {reference}: {window}",
    ),
    ("pickup", "email"): Text(
        "مرحباً {name}،\n\nطلبك {reference} ينتظرك {window} في العنوان: {address}.\n\n"
        "يمكنك متابعته أو اختيار وقت آخر هنا:\n{link}\n\n{organization}",
        "طلبك {reference} ينتظرك: {window}",
    ),
    ("cancelled", "email"): Text(
        "مرحباً {name}،\n\nأُلغي طلبك {reference} ولن يصل كما وعدناك.\n\nللأسئلة: {phone}\n\n{organization}",
        "أُلغي طلبك {reference}",
    ),
    ("on_the_way", "email"): Text(
        "مرحباً {name}،\n\nانطلق السائق إليك ويُتوقع وصوله نحو {expected}.\n\nتابع الطريق هنا:\n{link}\n\n{organization}",
        "طلبك {reference} في الطريق",
    ),
    ("approaching", "email"): Text(
        "مرحباً {name}،\n\nالسائق على وشك الوصول بطلبك {reference}.\n\n{link}\n\n{organization}",
        "السائق على وشك الوصول",
    ),
    ("delivered", "email"): Text(
        "مرحباً {name}،\n\nطلبك {reference}: {done}. شكراً لك!\n\n{link}\n\n{organization}",
        "طلبك {reference}: {done}",
    ),
    ("failed", "email"): Text(
        "مرحباً {name}،\n\nتعذّر إتمام طلبك {reference} اليوم: {reason}.\n\n"
        "الخطوة التالية هنا:\n{link}\n\nللأسئلة: {phone}\n\n{organization}",
        "تعذّر إتمام طلبك {reference}",
    ),
    ("survey", "email"): Text(
        "مرحباً {name}،\n\nكيف كان طلبك {reference}؟ عشر ثوانٍ تكفي:\n{link}\n\n{organization}",
        "كيف كان طلبك؟",
    ),
    ("invited", "email"): Text(
        "مرحباً {name}،\n\nطلبك {reference} لدينا. متى نحضره؟ اختر اليوم والوقت هنا:\n{link}\n\n{organization}",
        "متى نحضر طلبك {reference}؟",
    ),
    ("link", "sms"): Text("{organization}: لمتابعة طلبك {reference} أو ترك ملاحظة للسائق: {link}"),
    ("link", "email"): Text(
        "مرحباً {name}،\n\nيمكنك متابعة طلبك {reference} وترك ملاحظة للسائق هنا:\n{link}\n\n{organization}",
        "متابعة طلبك {reference}",
    ),
}
FOOTER = "تكتب إليك {organization} بشأن طلباتك. لإيقاف الرسائل الإلكترونية: {unsubscribe}"
SUBJECT = "بخصوص طلبك {reference}"
