# The trial of a connection: the steps, what was sent, what came and what went wrong.

trial-title = Try the connection
trial-back = To the e-service
trial-lead = We do what the e-service does when a visitor logs in, with a key that is thrown away afterwards. You log in as yourself. The e-service notices nothing. Whether its addresses can be reached is not tested.
trial-button = Try the connection
trial-again = Try again
trial-next = Go on to the login
trial-left = Steps that have not been taken
trial-sent = What was sent
trial-came = What came
trial-not-shown = (not shown)
trial-under-way = The trial is under way
trial-under-way-says = Go on to the login. The trial ends by itself after ten minutes.
trial-good = The connection works
trial-good-says = Every step went well. The key of the trial has been removed.
trial-failed = A step went wrong
trial-failed-says = Read about the step below, correct it and try again. The key of the trial has been removed.
trial-step-good = Went well
trial-step-failed = Went wrong
trial-told = The e-service would have got this answer:

trial-step-registration = The details
trial-step-registration-says = What is registered is whole and can be used, and the keys can be read.
trial-step-service = The service in the catalogue
trial-step-service-says = The service is in the catalogue in force, and some e-ID is open in it.
trial-step-discovery = Addresses and keys
trial-step-discovery-says = How the e-service finds our addresses and public keys.
trial-step-push = The request
trial-step-push-says = The e-service shows who it is and hands in its request for a login (PAR).
trial-step-login = The login
trial-step-login-says = The visitor logs in and comes back with a code.
trial-step-code = The code
trial-step-code-says = The e-service exchanges the code for tokens.
trial-step-id-token = The token about the login
trial-step-id-token-says = The e-service verifies the token by our public keys.
trial-step-userinfo = Details about the visitor
trial-step-userinfo-says = The e-service is told this about the visitor. Your own details are not kept in the trial.
trial-step-decision = A question about authority
trial-step-decision-says = The e-service asks whether the visitor may do something. Yes and no are both answers that work.

trial-wrong-client-disabled = The e-service is switched off. Connect it again under another id.
trial-wrong-no-method = No e-ID is open in the service. Look at the service’s catalogue file, or open an e-ID.
trial-wrong-no-permission = The service has no authorisation to ask about. Add one to the service’s catalogue file.
trial-wrong-no-keys = There are no public keys. The fault is ours: ask operations to run behorig keys list.
trial-wrong-state = The answer does not belong to this request (state). Try again, and close other tabs with the trial.
trial-wrong-issuer = The answer did not come from us (iss). Check the public address in the configuration.
trial-wrong-not-verified = The signature does not verify by our public keys. The fault is ours: contact operations.
trial-wrong-claim = A detail is missing or another than was asked for:
trial-wrong-question = The question could not be answered. Check that the service in the catalogue is the e-service’s own:

trial-from-login = from the login
trial-from-subject = the e-service’s own name of the visitor
trial-from-request = from the request
trial-from-party = the one that the visitor represents
trial-from-us = from us
trial-from-eid = from your e-ID
