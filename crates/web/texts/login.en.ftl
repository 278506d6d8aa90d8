# The first page, the people of the demo, the page to log in from, logging out.

start-title = E-services at { $agency }
start-lead = Log in here and do your errands, for yourself or for the one you represent.
start-login = Log in

demo-more = More in the demo
demo-login = Log in as usual, with a QR code or on this device
demo-phone = The simulated telephone with BankID, and everybody's personal number
demo-inbox = The mailbox with all e-mail that the demo sends
demo-silent = The simulated telephone does not answer
demo-silent-says = The people cannot be shown now. Start the demo again if this does not pass.
demo-logged-in = You are logged in
demo-logged-in-says = You are logged in as { $name }. If you choose somebody else you are logged out.
demo-logged-in-on = To your first page

login-title = Log in
login-lead = Choose how you want to identify yourself.
login-lead-service = Choose how you want to identify yourself for { $service }.
login-bankid-this = BankID on this device
login-bankid-this-says = For you who have BankID in the telephone or computer that you are using.
login-bankid-other = BankID on another device
login-bankid-other-says = For you who have BankID in a telephone. You scan a QR code with it.
login-demo = In the demo: choose one of the invented people
login-all = Show all services
login-closed = It is not possible to log in just now
login-closed-says = No way to log in is open for the service. Try again later.
login-already = You are logged in already
login-already-says = You are logged in as { $name }. If you log in again, that login ends.
login-already-on = To your first page
login-audiences = Services and help
login-methods = You log in with:
login-service-closed = The service has no open way to log in just now.
login-help = Help to log in
login-help-says = If you log in for an employer, ask at your workplace first. We answer questions about the service.
login-issuer = Problems with BankID itself
login-issuer-says = Is your BankID blocked, too old or lost? Then the bank helps you. We cannot.
login-issuer-help = Help with BankID
login-issuer-terms = About BankID
# Shown in the app.
login-app = Log in at { $agency }.
login-app-service = Log in at { $agency }: { $service }.

logout-title = You are logged out
logout-lead = Nobody can go on in your login here.
logout-reached = All tabs in this browser are logged out.
logout-others = { $count ->
    [one] You are still logged in at one more place: in another browser or on another device.
   *[other] You are still logged in at { $count } more places: in other browsers or on other devices.
}
logout-others-heading = Still logged in elsewhere
logout-others-none = You are not logged in anywhere else.
logout-others-end = Log out there too
logout-sessions = See your logins
logout-app = The BankID app is not affected. It has no login of its own here.
logout-not-reached = If you are logged in in another browser or on another device, you still are. The BankID app is not affected.
logout-shared = Do you share the computer with others? Close the browser.
logout-again = Log in again
logout-ask = Log out?
logout-ask-lead = You are logged out in all tabs in this browser. What you have not sent is lost.
logout-stay = Stay logged in

authorize-some-service = An e-service
logout-left-told = { $service } is being told that you have logged out.
logout-left-untold = { $service } is not told that you have logged out. Log out there too, if you have the e-service open.
