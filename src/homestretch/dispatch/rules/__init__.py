"""Decisions of dispatch: the automata, the reasons, promises at release, what a phone may say, a route under way."""
