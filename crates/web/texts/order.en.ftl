# Identification or signature under way.

order-title-auth = Identify yourself with BankID
order-title-sign = Sign with BankID
order-lead-auth = Do like this. The page moves on by itself when you are done in the app.
order-lead-sign = Do like this to sign. The page moves on by itself when you are done in the app.
order-qr-open = Open the BankID app on your telephone.
order-qr-scan = Press the QR code symbol and point the camera at the code here.
order-check = Check that the text in the app is the same as below. Then enter your security code.
order-qr-alt = QR code to scan with the BankID app. It changes every second.
order-qr-visible = All of the QR code can be seen.
order-qr-hidden = A part of the QR code cannot be seen.
order-qr-time = You have about three minutes to scan the code.
order-qr-still = Does the code not move? Show the page in a simpler way.
order-this-open = Press the button to open the BankID app.
order-this-back = Come back here when you are done, if it does not happen by itself.
order-text = The app shall say
order-continue = I am done in the app
order-cancel = Cancel
order-wait-scan = Waiting for you to scan the code.
order-wait-start = Waiting for you to open the BankID app.
order-done = Done. You are taken on.
order-reload = The page is loaded again.
order-given-up = This was stopped before it was finished. Nothing has been done.
order-way-back = Start again
