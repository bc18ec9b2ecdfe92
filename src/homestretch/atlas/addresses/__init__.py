"""Addresses of a map: built from an extract, found by a line of text or by a point."""

from homestretch.atlas.addresses.book import AddressBook
from homestretch.atlas.addresses.build import build_addresses
from homestretch.atlas.addresses.values import AddressCounts, Hit, Precision

__all__ = ["AddressBook", "AddressCounts", "Hit", "Precision", "build_addresses"]
