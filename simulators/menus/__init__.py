"""The menu machine: a terminal's screens as data, and what the keys do on them, for every simulated model.

A model's menu is one `tables.MenuTables` in ``simulators/<model>/screens.py``: the size of the display, the keys of the
keyboard, the idle screen, and all screens by their ids (the same ids as in the model's profile, if you can). It is
written from these parts and needs no code of its own where the shared steps are enough:

``MenuScreen(rows, keys, field, listing, chords, keeps)``
    The rows as they stand on the display, top first, with places in braces (`situation.Situation.places` lists them:
    ``{merchant}``, ``{number}``, ``{short}``, ``{left}``, ``{entry}`` …; ``{typed_NAME}`` is a field filled in before).
    A row ``{items}`` stands for the rows of the listing. ``keys`` and ``chords`` say where keys lead.
Target
    Where a key leads: the id of a screen, or an ``act(step, …, "screen")`` from `acts`: steps that check and do
    something, each of which may lead elsewhere instead; the screen at the end comes where none of them did.
``Field(name, limit, submit, least, masked, letters)``
    What is typed. On CONFIRM (or ``submit_by``) with at least ``least`` characters it is remembered under its name for
    the steps and later screens, and ``submit`` is where it leads. ``letters`` makes it a multitap field.
    What was remembered is forgotten with the first screen that has no field, but for what that screen ``keeps``.
``Listing(items, devices, choose, rows, picks)``
    Items with their targets (or the list of devices), chosen by digit or by highlight; ``rows`` is the window of a list
    that is longer than the display: DOWN and UP page it (digit) or move the highlight.
Steps
    `acts` has those that models share: ``own_device``, ``bound``, ``not_locked``, ``settled``, ``same_merchant``,
    ``password``, ``code``, ``unbind``, ``submit``, ``bind`` …. A step of a model's own is ``Step(function, leads)``,
    where the function takes the `situation.Situation` and returns a screen's id, or None to go on.

``check_tables`` (`tables`) says what is wrong with a table: call it in the model's test. Faults of the menu (noise,
lost keys, popups, an English menu, moved items …) are no business of a model: `console` makes them for all of them.
"""
