# Letters. They travel in the clear, so they say nothing of a person: only what has happened and where it is seen.
# $url is the address of the service; what $argument is stands at each letter.

# $argument: the number of the case.
mail-connected-organisation-subject = You are connected to the e-services for employers
mail-connected-organisation =
    Hello,

    Your application has been registered and confirmed. You are now connected to the e-services for employers.

    The person you named as authorisation administrator can log in with an e-ID and give others with you authorisation:
    { $url }

    The terms that you have accepted are at { $url }/terms

    Is something wrong? Contact us at once. Our contact details are at { $url }/help

    Case: { $argument }
# $argument: the number of the case.
mail-connected-administrator-subject = You are authorisation administrator
mail-connected-administrator =
    Hello,

    Your employer has connected to the e-services for employers and named you as authorisation administrator, from now on.

    Log in with your e-ID to see who has authorisation and to give it to more people:
    { $url }

    Give authorisation only to those who need it in their work, and take it away when it is no longer needed.

    Is it wrong that you are named as administrator? Contact us. Our contact details are at { $url }/help

    Case: { $argument }
# $argument: the number of the case.
mail-application-confirmed-officer-subject = An application that you registered has been confirmed
mail-application-confirmed-officer =
    Hello,

    A colleague has confirmed an application for connection that you registered. The employer and its administrator have been told.

    Case: { $argument }
    { $url }
# $argument: the code of the reason.
mail-application-returned-subject = Your application needs to be completed
mail-application-returned =
    Hello,

    Your application to connect to the e-services for employers cannot be accepted as it is. Nothing has come into force.

    { $argument ->
        [not_authorised] Reason: the person who signed has no right to represent you. Send the form again, signed by somebody who has that right.
        [incomplete] Reason: something is missing on the form, such as the authorisation administrator. Complete it and send it again.
        [unreadable] Reason: the form cannot be read. Send it again.
       *[other] Send the form again, or contact us to hear what is missing.
    }

    Our contact details are at { $url }/help
# $argument: the number of the case.
mail-application-lapsed-subject = An application for connection has lapsed
mail-application-lapsed =
    Hello,

    An application for connection to the e-services for employers was not confirmed in time and has lapsed. Nothing has come into force. A new form has to be registered if the connection is still wanted.

    We answer questions. Our contact details are at { $url }/help

    Case: { $argument }
# $argument: the one whom you may represent, as a random number.
mail-mandate-given-subject = You have been given authorisation
mail-mandate-given =
    Hello,

    You have been authorised to represent an organisation in our e-services. It applies already.

    Log in with your e-ID and choose whom you want to represent:
    { $url }/for/{ $argument }

    Do you think it is a mistake? Ask the authorisation administrator at your employer.
mail-mandate-ended-subject = An authorisation has been taken away
mail-mandate-ended =
    Hello,

    One of your authorisations in our e-services has been taken away and no longer applies. Other authorisations that you have remain.

    You see what you have left when you log in:
    { $url }

    Do you think it is a mistake? Ask the authorisation administrator at your employer.
# $argument: the organisation, as a random number.
mail-request-asked-subject = Somebody asks for authority
mail-request-asked =
    Hello,

    Somebody asks for authority to represent an organisation where you are an authorisation administrator.

    Log in with your e-ID to see who it is and answer:
    { $url }/for/{ $argument }/requests

    A request that nobody answers lapses by itself.
# $argument: the last day on which the authority applies.
mail-request-granted-subject = You have been given the authority that you asked for
mail-request-granted =
    Hello,

    The administrator has said yes to your request for authority. It applies already, up to and including { $argument }.

    If you are logged in, you need not log in again. Choose whom you want to represent:
    { $url }/party
# $argument: the reason's code.
mail-request-declined-subject = Your request for authority has been answered
mail-request-declined =
    Hello,

    The administrator has said no to your request for authority.

    { $argument ->
        [not_ours] Reason: you do not work with this for the organisation.
        [not_needed] Reason: your work does not need the authority.
        [talk_first] Reason: you need to talk about it first.
       *[other] Log in to see the reason.
    }

    Do you need the authority all the same? Talk to your manager. You see your request when you log in:
    { $url }
# $argument: the organisation, as a random number.
mail-request-answered-subject = A request for authority has been answered
mail-request-answered =
    Hello,

    Another authorisation administrator has answered a request for authority. You need do nothing.

    You see the answer when you log in:
    { $url }/for/{ $argument }/requests?show=all
# $argument: the number of the case.
mail-request-lapsed-subject = Nobody answered your request for authority
mail-request-lapsed =
    Hello,

    You have asked for authority to represent an organisation. Nobody answered in time, and your request has lapsed.

    Do you still need the authority? Talk to your manager, or ask again:
    { $url }

    Case: { $argument }

# $argument: what it is, by its name in the metrics, and the day on which it runs out.
mail-expiry-bankid-certificate-subject = The BankID certificate runs out: { $argument }
mail-expiry-bankid-certificate =
    This letter goes to operations.

    The agency's certificate at BankID, or one of its issuers, runs out or has run out: { $argument }. After that nobody can log in.

    Order a new certificate from the bank. Replace the files that bankid.client_certificate and bankid.client_key point to, restart and run behorig check --online.
mail-expiry-bankid-roots-subject = A root of BankID runs out: { $argument }
mail-expiry-bankid-roots =
    This letter goes to operations.

    A root certificate that BankID is checked with runs out or has run out: { $argument }. After that nobody can log in.

    Fetch the new root from BankID and check its fingerprint. Add it to the file, restart and run behorig check --online.
mail-expiry-public-certificate-subject = The site's certificate runs out: { $argument }
mail-expiry-public-certificate =
    This letter goes to operations.

    The certificate of { $url } runs out or has run out: { $argument }. After that browsers warn every visitor.

    Renew it, replace the files that public.certificate and public.key point to and restart.
mail-expiry-key-subject = A key should be turned: { $argument }
mail-expiry-key =
    This letter goes to operations.

    A key has soon been in use for a year, or longer: { $argument }. It still works, but should be turned.

    Run behorig keys list and then behorig keys rotate with the name of the key.
