"""Pure words for all: no import of ours, no Django, no clock, no I/O."""
