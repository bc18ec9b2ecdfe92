"""I6: every blob that is referenced is in the store, with the bytes of its name."""

from __future__ import annotations

from django.conf import settings

from homestretch.providers.errors import ProviderError
from homestretch.providers.storage.own import store_of
from homestretch.wiring.doctor.look import Found, Look

_BLOBS = "select sha256 from dispatch_blob where organization_id = %(org)s"
_FILES = (
    "select distinct encode(sha256, 'hex') from orders_import where organization_id = %(org)s and length(sha256) = 32"
)
_PHOTOS = "select photo from orders_door where organization_id = %(org)s and photo <> ''"
_LOGO = "select logo from accounts_organization where id = %(org)s and logo <> ''"
_PROOFS = """
select p.id, p.declared_sha256, b.sha256, p.rendition_id
from dispatch_proof p
join dispatch_blob b on b.organization_id = p.organization_id and b.id = p.blob_id
left join dispatch_blob r on r.organization_id = p.organization_id and r.id = p.rendition_id
where p.organization_id = %(org)s
    and (p.declared_sha256 <> b.sha256 or r.id is null or r.id is distinct from b.rendition_id)
"""


def i6(look: Look) -> Found:
    """Every referenced blob exists with its SHA-256; a proof's is the one that the phone declared."""
    store = store_of(look.organization, settings.HOMESTRETCH_PROVIDERS["storage"])
    for statement in (_BLOBS, _FILES, _PHOTOS, _LOGO):
        for (sha256,) in look.rows(statement):
            try:
                sound = store.verify(sha256)
            except ProviderError as error:
                sound = False
                yield f"blob {sha256}", f"the store does not answer: {error.code}"
                continue
            if not sound:
                yield f"blob {sha256}", "missing" if not store.exists(sha256) else "its bytes have changed"
    for ident, declared, stored, rendition, *_ in look.rows(_PROOFS):
        if declared != stored:
            yield f"proof {ident}", f"the phone declared {declared}, and {stored} was kept"
        else:
            yield f"proof {ident}", "its rendition names another source" if rendition else "it has no rendition"
