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
