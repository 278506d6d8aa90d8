# What is missing when the decision is no, by the codes of the decision, and who can change it.

broken-method-withdrawn = The way you logged in may no longer be used here.
broken-method-withdrawn-since = The way you logged in may not be used here since { $time }.
broken-method-not-allowed = The organisation does not allow the way you logged in.
broken-loa-too-low = The way you logged in is not secure enough for this. Log in with a stronger e-ID.
broken-party-not-connected = The organisation is not connected to the service.
broken-party-deregistered = The organisation is no longer connected to the service.
broken-party-deregistered-since = The organisation is not connected to the service since { $time }.
broken-terms-not-accepted = The organisation has not accepted the terms that apply now.
broken-locked = Access is locked.
broken-locked-since = Access is locked since { $time }.
broken-no-mandate = You have no authority from the one you represent.
broken-mandate-ended = Your authority has ended.
broken-mandate-ended-since = Your authority ended on { $time }.
broken-mandate-not-yet = Your authority has not begun.
broken-mandate-not-yet-since = Your authority begins on { $time }.
broken-mandate-scope = You have authority, but not for this.
broken-chain-broken = The one who gave you the authority no longer has the right to give it.
broken-right-missing = You may not pass this authority on.
broken-unknown-permission = The permission does not exist in the service.
broken-rule = A rule of the service stands against it.
broken-stale = We cannot check that the authorisations are up to date.
broken-other = A condition is not met ({ $code }).

mender-yourself = You can change this yourself.
mender-organisation-administrator = The authorisation administrator at the organisation can change this.
mender-agency = The agency can change this.
mender-issuer = The issuer of your e-ID can change this.
mender-nobody = Nobody can change this.
