# The pages of the foot: help, accessibility, cookies, terms, log.

help-title = Help
help-lead = Here you see whom you can ask. Did you get a reference code on an error page? Have it at hand.
help-services = Questions about the services
help-none = There are no contact details yet.
help-authority = You can log in but have no authority
help-authority-says = It is your employer who gives you authority. Ask the authorisation administrator at your employer. It applies as soon as it is given: you do not need to log out.
help-e-id = Trouble with the e-ID itself
help-e-id-says = The issuer of your e-ID helps you if it is blocked, too old or cannot be started.
help-reference = What is a reference code?
help-reference-says = Every time something is refused or goes wrong a short code is shown. With it we find exactly what happened, without your having to tell who you are.
help-safety = Never log in because somebody else asks you to
help-safety-says = We never call and ask you to use your e-ID. Approve only logins and signatures that you have started yourself.

accessibility-title = Accessibility
accessibility-lead = { $agency } is responsible for this website. We want as many people as possible to be able to use it. Here we describe how the website meets the act on accessibility of digital public services, known gaps, and how you can tell us about problems.
accessibility-how = How accessible is the website?
accessibility-how-says = The website is built to follow WCAG 2.2 at level AA: it works without JavaScript, by keyboard alone, with screen readers, on small screens and in dark mode. No outsider has examined it yet. Until that is done we state that it is partly compliant.
accessibility-gaps = Gaps that we know of
accessibility-gap-scan = Scanned forms are images without text. They are shown to the agency's officers only.
accessibility-gap-qr = Reading a QR code takes a camera and seeing the code. If you cannot, choose to start the app on the same device instead.
accessibility-gap-app = The BankID app is not ours. Questions about its accessibility are answered by the issuer of your e-ID.
accessibility-gap-languages = The texts are in Swedish and English. They are not yet in easy Swedish, sign language or the national minority languages.
accessibility-gap-readers = We have not yet tried the website together with people who use screen readers, magnification or voice control.
accessibility-burden = Exceptions
accessibility-burden-says = We do not claim that any requirement would be a disproportionate burden. No content is exempt from the act.
accessibility-tested = How we have tested
accessibility-tested-says = We have made the assessment ourselves, most recently on { $day }: a program walked through { $pages } pages in a real browser, each as somebody who may see it. The same walk is made at every change of the website, and this statement changes with it.
accessibility-checks-caption = What has been tried on every page
accessibility-check-what = This has been tried
accessibility-check-outcome = Pages without a finding
accessibility-check-result = { $passed } of { $pages }
accessibility-check-axe = Rules of WCAG 2.2 A and AA that a program can try, and contrast in light mode
accessibility-check-keyboard = All is reached by keyboard alone, in the order of the page, and the focus is seen
accessibility-check-without-script = The same content without JavaScript
accessibility-check-reflow = Nothing falls outside at a width of 320 pixels, as at 400 per cent zoom
accessibility-check-text-spacing = Nothing falls outside when the reader sets lines, words and letters further apart
accessibility-check-target-size = Buttons and links are at least 24 by 24 pixels
accessibility-check-dark = Contrast in dark mode
accessibility-check-forced-colours = Contrast in colours that the reader has chosen
accessibility-check-reduced-motion = Nothing moves for those who have asked for less motion
accessibility-check-print = All that matters is there on paper
accessibility-check-languages = The page is wholly in the language that the reader has chosen
accessibility-tell = Tell us if something does not work
accessibility-tell-says = Contact us if something stands in your way, and we will help you in another way. Our contact details are under
accessibility-supervision = Supervision
accessibility-supervision-says = Are you not content with how we have dealt with what you told us? Report it to the authority that supervises the act (2018:1937):

cookies-title = Cookies
cookies-lead = We use only the cookies that are needed for what you ask for. Therefore we do not ask for your consent.
cookies-caption = All cookies of the website
cookies-name = Name
cookies-why = Why it is needed
cookies-how-long = How long it stays
cookies-session = Keeps you logged in. It holds nothing but a random number.
cookies-session-how-long = Until you close the browser. It ceases to work when you log out, or when too long a time has passed.
cookies-browser = Sees to it that a login which began in this browser also ends here.
cookies-browser-how-long = Until you close the browser.
cookies-order = Remembers logins under way, so that you find back from the app.
cookies-order-how-long = 15 minutes.
cookies-logged-out = Shows after logging out where you are still logged in, and lets you log out there too. It holds nothing but a random number.
cookies-logged-out-how-long = 10 minutes after you log out.
cookies-lang = Remembers which language you have chosen.
cookies-lang-how-long = 180 days. It is set only if you change language.
cookies-nothing-else = Nothing else
cookies-nothing-else-says = We do not measure what you do, fetch nothing from other websites and keep nothing else in your browser.

terms-title = Terms
terms-title-version = Terms, version { $version }
terms-none = There are no terms to accept.
terms-version = Version { $version }
terms-in-force = In force
terms-coming = Coming
terms-earlier = Earlier
terms-from = from { $date }
terms-hash = Checksum of the Swedish text (SHA-256), which every acceptance names:

log-title = The activity log
log-lead = Everything that is done here leaves a record in a log. It is built so that nobody, not even we, can change or remove a record without its being noticed. Here is what is needed to verify that.
log-checkpoint = The latest checkpoint
log-checkpoint-says = A checkpoint is a signature over the whole log as it stood then. Keep a copy somewhere else: as long as it fits, nothing has been changed back in time.
log-checkpoint-none = There is no checkpoint yet. The first is made when something has happened.
log-checkpoint-file = Download the checkpoint as a file
log-size = { $count ->
    [one] The log has 1 record.
   *[other] The log has { $number } records.
 }
log-keys = Public keys
log-keys-says = The signature is verified with these keys. One is in use now. The others belong to older checkpoints or are about to be taken into use.
log-how = How to verify the log
log-how-own = Those who run the service verify the whole log, against a saved checkpoint:
log-how-receipt = Whoever has been given a receipt for a record verifies it without access to the log:
log-how-tiles = The hashes of the log are public as tiles by C2SP tlog-tiles below { $url }. They say nothing of any person.
log-private = What is not shown here
log-private-says = The records themselves are not public. The log holds random numbers, no names or personal numbers. You see your own events when you are logged in.
