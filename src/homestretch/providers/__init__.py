"""Every outside service: one folder a kind, with a Protocol, a fake that ships, and adapters.

Providers touch the outside and decide nothing. They take values and return values, know no database and no settings,
and say by `errors.ProviderError` what a failure means for the caller. `registry.make(kind, name, options)` builds one.
"""
