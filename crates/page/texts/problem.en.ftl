# Problems as pages: what happened, what you can do.

problem-do = What you can do
problem-who = Who can help
problem-reference = Reference code
problem-time = Time
problem-code = Error code
problem-copy = Copy
problem-copied = Copied
problem-broken = What is missing
problem-broken-prefix = Missing:

way-login = To the login page
way-start = To the first page
way-again = Try again
way-party = Choose whom you represent
way-switch-party = Change
way-ask = Ask for authority

problem-login-cancelled = You cancelled in the app
problem-login-cancelled-what = Nobody is logged in and nothing is signed.
problem-login-cancelled-do = Start again when you like.

problem-login-replaced = Another login took over
problem-login-replaced-what = Another login or signature was started with your e-ID, and this one was stopped.
problem-login-replaced-do = Wait a moment and start again. Was it not you who started the other one? Then approve nothing in the app.

problem-login-expired = Time ran out
problem-login-expired-what = It took too long until you were done in the app. Nobody is logged in.
problem-login-expired-do = Start again, and have the app open when you do.

problem-id-unusable = This e-ID cannot be used here
problem-id-unusable-what = It may be blocked, too old, or of a kind that is not enough here.
problem-id-unusable-do = Log in another way, or ask the issuer of your e-ID.

problem-app-too-old = The app or the device is too old
problem-app-too-old-what = Your app or device cannot do what is needed.
problem-app-too-old-do = Update the app or use another device. Then start again.

problem-risk-blocked = This was stopped for security reasons
problem-risk-blocked-what = We did not let you in this time. Nothing has been done in your name.
problem-risk-blocked-do = Contact us if it was you who wanted to log in. Give the reference code.

problem-wrong-person = You are logged in as somebody else
problem-wrong-person-what = The person who identified in the app is not the one who is logged in here. Nothing has been signed.
problem-wrong-person-do = Go back and use your own e-ID, or log out first.

problem-provider-down = The e-ID does not answer
problem-provider-down-what = The fault lies with those who run the e-ID. Nothing has been done.
problem-provider-down-do = Wait a moment and try again, or log in another way.

problem-login-our-fault = It went wrong
problem-login-our-fault-what = The fault is ours. We have been told.
problem-login-our-fault-do = Try again in a while. Give the reference code if you contact us.

problem-other-browser = This began somewhere else
problem-other-browser-what = The login or signature began in another browser or on another device, or it is no longer there. Therefore it cannot be finished here.
problem-other-browser-do = Start again here. Did somebody else give you the link? Then do not log in with it.

problem-evidence-refused = The answer from the e-ID was not accepted
problem-evidence-refused-what = We checked the answer and it did not hold. Nobody is logged in and nothing is signed.
problem-evidence-refused-do = Start again. Contact us if it happens again, and give the reference code.

problem-method-not-offered = You cannot log in this way
problem-method-not-offered-what = This way to log in is not offered for the service now.
problem-method-not-offered-do = Choose another way.

problem-login-used = It has been used already
problem-login-used-what = The login or signature is finished already and can be used only once.
problem-login-used-do = Not logged in? Start again.

problem-no-authority = You are identified but have no authority
problem-no-authority-what = We know who you are, but you have no authority here.
problem-no-authority-do = Ask the authorisation administrator at your employer to give you authority. It works as soon as you load the page again.

problem-login-needed = You need to log in
problem-login-needed-what = The page is shown only to those who are logged in.
problem-login-needed-do = Log in to go on.

problem-session-ended = You have been logged out
problem-session-ended-what = A long time went by and nothing happened, or you logged out somewhere else.
problem-session-ended-do = Log in again.
problem-session-ended-kept = The login ended before the form was sent. Nothing has been sent. What you wrote is kept for 24 hours, and only you can see it. Attached files have not been kept.

problem-no-access = You do not have authority
problem-no-access-what = You may not do this now. Nothing has changed.
problem-no-access-named = You may not do this for { $party } now: { $what }. Nothing has changed.
problem-no-access-named-own = You may not do this for yourself now: { $what }. Nothing has changed.
problem-no-access-gives = You may give this to others but do not hold it yourself: { $what }. Nothing has changed.
problem-no-access-gives-do = Give it to a colleague who shall do it. If you need it yourself, another authorisation administrator has to give it to you.
problem-no-access-choose = You are here for yourself. Choose the organisation that you want to represent, and try again.
problem-no-access-do = Ask the one who can change it, then try again. You do not need to log out.
problem-no-access-ask = You can ask for what you lack here: { $what }. The organisation's authorisation administrator gets your request and answers it.

problem-wrong-party = The page is for somebody else than the one you represent now
problem-wrong-party-what = You have changed whom you represent, perhaps in another tab. Nothing has changed.
problem-wrong-party-do = Choose whom you want to represent, and do again what you wanted to do.

problem-wrong-party-named = The link is for { $name }
problem-wrong-party-named-what = You represent somebody else just now. Nothing has changed.
problem-wrong-party-named-do = Change to { $name } to go on.
problem-wrong-party-kept = You represent somebody else just now. Nothing has been sent. What you wrote is kept for 24 hours, and only you can see it. Attached files have not been kept.

problem-forged = The form is no longer valid
problem-forged-what = It was not sent from your present login. Nothing has changed.
problem-forged-do = Open the page again and fill in the form once more.

problem-foreign-origin = The request did not come from here
problem-foreign-origin-what = Another site tried to send something in your name, or your browser hides where it came from. Nothing has changed.
problem-foreign-origin-do = Go to the first page and start there.

problem-unreadable = We did not understand
problem-unreadable-what = What was sent cannot be read. Nothing has changed.
problem-unreadable-do = Go to the first page and start there.

problem-invalid = Something in the answers cannot be used
problem-invalid-what = At least one answer is of the wrong kind. Nothing has changed.
problem-invalid-do = Go back, correct it and send it again.

problem-not-found = The page does not exist
problem-not-found-what = The address is wrong, or the page is not for you.
problem-not-found-do = Check the address, or start on the first page.

problem-wrong-method = The page cannot be used like this
problem-wrong-method-what = The page exists, but not for what was sent.
problem-wrong-method-do = Go to the first page and start there.

problem-too-large = It is too large
problem-too-large-what = The file or the text is larger than we accept. A file may be at most 10 MB. Nothing has been saved.
problem-too-large-do = Make it smaller and send it again.

problem-bad-type = We do not accept that kind
problem-bad-type-what = What was sent is of a kind that is not used here. Nothing has been saved.
problem-bad-type-do = Go back and send it in another form.

problem-too-many = Too fast
problem-too-many-what = Too many attempts have come from here in a short time.
problem-too-many-do = Wait a minute and try again.

problem-too-slow = It took too long
problem-too-slow-what = What was sent did not arrive in time. Nothing has changed.
problem-too-slow-do = Try again.

problem-gone = It is no longer there
problem-gone-what = The link has been used, or the case is closed.
problem-gone-do = Start on the first page.

problem-conflict = Somebody was faster
problem-conflict-what = It has changed since you opened the page. What you did has not been saved.
problem-conflict-do = Open the page again and see how it looks now.

problem-conflict-named = It cannot be done as things are
problem-conflict-named-what = { $says }
problem-conflict-named-do = Nothing has changed.

problem-stale = We cannot answer safely just now
problem-stale-what = We cannot check that the authorisations are up to date. Then we rather say no. Nothing has changed.
problem-stale-do = Try again in a while.

problem-our-fault = Something went wrong on our side
problem-our-fault-what = The fault is ours. Nothing has changed.
problem-our-fault-do = Try again in a while. Give the reference code if you contact us.

problem-busy = There is a lot to do just now
problem-busy-what = We could not keep up. Nothing has changed.
problem-busy-do = Wait a moment and try again.
problem-full = We cannot save anything just now
problem-full-what = Something is wrong on our side: there is no room left to save in. Nothing has changed. What you have done before is still there and can be read.
problem-full-do = Try again in a while. We know about the fault.
problem-clock = Our clock is wrong
problem-clock-what = We cannot trust our clock just now, and rather say no than something wrong. Nothing has changed.
problem-clock-do = Try again in a while. We know about the fault.

problem-client-wrong = The e-service sent you here in a wrong way
problem-client-wrong-what = { $service } asked us to log you in, but the request cannot be used. Nothing has been told about you.
problem-client-wrong-do = Go back to the e-service and start again. If it happens again, tell those who run the e-service, and give them this: { $says }
