# E-services that are connected by OpenID Connect: list, register, show, switch off.

nav-clients = Connected e-services
nav-clients-says = Connect e-services, try that they work and switch them off.
clients-title = Connected e-services
clients-lead = E-services that let their visitors log in here and ask here what they may do.
clients-none = No e-service is connected.
clients-caption = Connected e-services by id
clients-name = E-service
client-state = State
client-state-on = Connected
client-state-off = Switched off
client-register = Connect an e-service

client-register-title = Connect an e-service
client-register-lead = You get the details from those who build the e-service.
client-register-what = The e-service
client-register-proof = How the e-service shows who it is
client-register-addresses = Addresses
client-register-more = More
client-register-button = Connect the e-service
client-register-cancel = Cancel
client-id = Id (client_id)
client-id-says = 3–40 characters: a–z, 0–9 and hyphen. Begins with a letter. It cannot be changed, and not be used again.
client-service = Service in the catalogue
client-service-says = The e-service may only ask about authorisations in this service. It needs to be in the catalogue of services.
client-catalogue = The service’s catalogue file
client-catalogue-says = Is the service not in the list above? Choose the file that describes it and leave the list as it is. You will see what changes before anything happens. If the service has terms of its own, operations must add it.
client-catalogue-format = TOML, at most 32 kB
client-catalogue-kept = The catalogue file that you chose is still here. Choose a file only if it is to be replaced.
client-catalogue-wrong = Mistakes in the catalogue file
client-catalogue-place = Line { $line }, character { $column }
client-name-sv = Name in Swedish
client-name-en = Name in English
client-name-says = What the e-service is called by its visitors.
client-authentication = Way to show who it is
client-proof-keys = By a private key
client-proof-keys-says = For e-services that run on a server (private_key_jwt).
client-proof-public = By PKCE alone
client-proof-public-says = For programs at the user, which cannot keep anything secret.
client-keys = Public keys
client-keys-says = Paste a JWK Set with the public keys. Needed when the e-service has a private key. The private key must never leave the e-service.
client-kids = Ids of the keys (kid)
client-redirect-uris = Addresses where the visitor comes after the login
client-redirect-uris-says = One address on each line. They are compared letter by letter. An e-service that only asks by itself needs none.
client-post-logout-redirect-uris = Addresses where the visitor comes after logging out
client-post-logout-redirect-uris-says = One address on each line.
client-backchannel-logout-uri = Address that is told when somebody has logged out
client-backchannel-logout-uri-says = We call it in the background when the visitor’s session here ends.
client-home = The e-service’s start page
client-answers = Answers about the visitor
client-userinfo = Answers about the visitor are to be signed
client-userinfo-says = Choose it only if the e-service can read a signed answer (JWT) from userinfo.
client-developers = For development
client-loopback = Any address on the developer’s own computer will do
client-loopback-says = Only for e-services by PKCE alone, and never in production.
client-registered-at = Connected
client-disabled-at = Switched off
client-registered = The e-service is connected
client-registered-says = It works already. Try the connection further down on the page.
client-disabled = The e-service is switched off
client-disabled-says = It can no longer log anybody in or ask about anything.
client-discovery = For those who build the e-service
client-discovery-says = All addresses and public keys are found through this address.
client-off-says = The e-service is switched off for good. If it is to be used again it must be connected under another id.

client-disable = Switch off
client-disable-title = Switch the e-service off
client-disable-effect = When you switch the e-service off, nobody can log in to it from here any more, and it gets no more answers. It holds at once and cannot be undone.
client-disable-button = Switch the e-service off
client-disable-cancel = Cancel

client-review-title = Review before the service holds
client-review-lead = Nothing has been changed yet. Read what will hold, and then bring it in force.
client-review-holds = This will hold
client-review-permissions = New authorisations
client-review-packages = New roles
client-review-package = { $package }: { $permissions }
client-review-givers = Who may give them
client-review-gives = { $giver } may give: { $gives }. Source: { $source }.
client-review-by-application = The agency, on application,
client-review-by-invitation = An invitation to the agency’s first staff
client-review-numbers = Personal numbers
client-review-no-number = The e-service is not told the visitor’s personal number.
client-review-number = The e-service is told the visitor’s personal number, on the ground of { $ground }.
client-review-people = Who gains and who loses
client-review-nobody = Nobody: every authorisation in force gives exactly what it gave.
client-review-unknown = It cannot be said: this version of the program cannot read the catalogue in force.
client-review-everyone-gain = Everyone gains for themselves: { $permission }
client-review-everyone-lose = Everyone loses for themselves: { $permission }
client-review-gain-use = { $people ->
    [one] One person
   *[other] { $people } people
  } at { $parties ->
    [one] one organisation
   *[other] { $parties } organisations
  } may from then on use: { $permission }
client-review-gain-give = { $people ->
    [one] One person
   *[other] { $people } people
  } at { $parties ->
    [one] one organisation
   *[other] { $parties } organisations
  } may from then on give: { $permission }
client-review-gain-give-on = { $people ->
    [one] One person
   *[other] { $people } people
  } at { $parties ->
    [one] one organisation
   *[other] { $parties } organisations
  } may from then on give on: { $permission }
client-review-lose-use = { $people ->
    [one] One person
   *[other] { $people } people
  } at { $parties ->
    [one] one organisation
   *[other] { $parties } organisations
  } may no longer use: { $permission }
client-review-lose-give = { $people ->
    [one] One person
   *[other] { $people } people
  } at { $parties ->
    [one] one organisation
   *[other] { $parties } organisations
  } may no longer give: { $permission }
client-review-lose-give-on = { $people ->
    [one] One person
   *[other] { $people } people
  } at { $parties ->
    [one] one organisation
   *[other] { $parties } organisations
  } may no longer give on: { $permission }
client-review-not-counted = Whether they reach all the way depends on their login, too, and on whether their organisation is connected. That is not counted.
client-review-whole = The whole service, as it will stand in the catalogue
client-review-folder = Afterwards
client-review-folder-says = Ask operations to put the file among the catalogue’s other files, under the name { $file }. If it is missing there, the next version of the catalogue cannot be brought in force.
client-review-same = The catalogue holds the service already, exactly as the file describes it. Only the e-service is connected.
client-review-button = Bring in force and connect
client-review-change = Change
client-review-outdated-says = Nothing has been done. This is how it will be now. Read it and confirm again.
