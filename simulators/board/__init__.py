"""The board that the simulated models of pmp share: flash, keys, journal, parameters, wipe, and the device on top.

A model is one `model.BoardModel` named ``MODEL`` in ``simulators/<model>/tables.py``: maker, TUSN prefix, label,
versions, options, whether the line reaches its screen and keys, and its menu (`simulators.menus` says how).
`simulators.catalog` has one function a model that imports it. Everything else comes from here, by the seed:

- `factory` makes the files of a new terminal; ``factory.facts_of`` says what is announced, and in ``answers`` what the
  menu may ask for: ``code``, ``phone``, ``machine_number``, ``operator``, ``operator_password``, ``second_password``.
- Passwords are parameters in flash: ``unbind.password`` (password), ``operator.00.password``, ``operator.99.password``
  (the model's ``operator`` says whose is the operator_password) and ``restore.password`` (second_password); the phone
  is ``contact.phone``. Steps name them: ``password("wrong", "locked", field="operator_password", parameter=…)``.
- All passwords and codes share three attempts, kept through restarts and wipes.
- `unbinding` is the terminal behind the menu. The step ``unbind`` makes every binding UNBOUND; ``submit`` makes those
  to devices UNBOUND and those of account and merchant PENDING. A wipe is allowed in both cases.

Tests of a model stand in ``tests/simulators/<model>/``: ``Rig(folder, *faults, blueprint=Blueprint(name, …))`` is the
whole device in memory, and ``check_tables`` checks its menu.
"""
