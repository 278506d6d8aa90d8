//! The texts of the pages, in both languages; a missing one does not compile.

use crate::{bankid::phone::Refusal, people::Lang};
use axum::http::{HeaderMap, header};

/// The language of a visitor: English if it comes before Swedish in `Accept-Language`, else Swedish.
pub fn lang(headers: &HeaderMap) -> Lang {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let first = wanted.split(',').find_map(|part| {
        let part = part.trim().to_ascii_lowercase();
        match part.get(..2)? {
            "sv" => Some(Lang::Sv),
            "en" => Some(Lang::En),
            _ => None,
        }
    });
    first.unwrap_or(Lang::Sv)
}

/// All fixed texts.
#[derive(Debug)]
pub struct Texts {
    pub code: &'static str,
    pub mark: &'static str,
    pub phone: &'static str,
    pub phone_intro: &'static str,
    pub open_orders: &'static str,
    pub no_orders: &'static str,
    pub refresh: &'static str,
    pub identification: &'static str,
    pub signature: &'static str,
    pub asks: &'static str,
    pub no_text: &'static str,
    pub waiting: &'static str,
    pub started: &'static str,
    pub in_hand: &'static str,
    pub choose_person: &'static str,
    pub approve: &'static str,
    pub refuse: &'static str,
    pub qr_heading: &'static str,
    pub qr_label: &'static str,
    pub qr_hint: &'static str,
    pub qr_button: &'static str,
    pub people: &'static str,
    pub inbox: &'static str,
    pub inbox_intro: &'static str,
    pub inbox_empty: &'static str,
    pub to: &'static str,
    pub from: &'static str,
    pub written: &'static str,
    pub received: &'static str,
    pub open_heading: &'static str,
    pub back: &'static str,
    pub approved: &'static str,
    pub refused: &'static str,
    pub read: &'static str,
    pub failed: &'static str,
    pub close: &'static str,
}

const SV: Texts = Texts {
    code: "sv",
    mark: "Sandlåda – låtsas-BankID med påhittade personer",
    phone: "Låtsastelefonen",
    phone_intro: "Här legitimerar du dig och skriver under som någon av demons personer. Inget av det är på riktigt.",
    open_orders: "Väntar på dig",
    no_orders: "Ingen inloggning eller underskrift väntar. Börja i e-tjänsten; sidan uppdateras av sig själv.",
    refresh: "Uppdatera",
    identification: "Legitimering",
    signature: "Underskrift",
    asks: "hos",
    no_text: "E-tjänsten har inte skickat någon text.",
    waiting: "Ingen telefon har hämtat den än.",
    started: "Appen är startad men ingen person är vald.",
    in_hand: "Hämtad av",
    choose_person: "Vem är du?",
    approve: "Godkänn",
    refuse: "Avbryt",
    qr_heading: "Läs av en QR-kod",
    qr_label: "QR-kodens text",
    qr_hint: "Börjar med bankid. och gäller i fem sekunder.",
    qr_button: "Läs av",
    people: "Personerna",
    inbox: "Inkorgen",
    inbox_intro: "Här hamnar all e-post som e-tjänsten skickar. Ingenting lämnar datorn.",
    inbox_empty: "Ingen e-post har kommit.",
    to: "Till",
    from: "Från",
    written: "Skrivet",
    received: "Kom",
    open_heading: "Låtsas-BankID är startat",
    back: "Tillbaka till telefonen",
    approved: "Godkänt. Gå tillbaka till e-tjänsten.",
    refused: "Avbrutet. Gå tillbaka till e-tjänsten.",
    read: "QR-koden är avläst.",
    failed: "Det gick inte. E-tjänsten får veta varför.",
    close: "Du kan stänga den här fliken.",
};

const EN: Texts = Texts {
    code: "en",
    mark: "Sandbox – pretend BankID with made-up people",
    phone: "The pretend phone",
    phone_intro: "Here you identify yourself and sign as one of the demo's people. None of it is real.",
    open_orders: "Waiting for you",
    no_orders: "No login or signature is waiting. Begin in the e-service; this page refreshes by itself.",
    refresh: "Refresh",
    identification: "Identification",
    signature: "Signature",
    asks: "at",
    no_text: "The e-service has not sent any text.",
    waiting: "No phone has fetched it yet.",
    started: "The app is started but no person is chosen.",
    in_hand: "Fetched by",
    choose_person: "Who are you?",
    approve: "Approve",
    refuse: "Cancel",
    qr_heading: "Read a QR code",
    qr_label: "The text of the QR code",
    qr_hint: "Begins with bankid. and is good for five seconds.",
    qr_button: "Read",
    people: "The people",
    inbox: "The inbox",
    inbox_intro: "All mail that the e-service sends ends up here. Nothing leaves the computer.",
    inbox_empty: "No mail has come.",
    to: "To",
    from: "From",
    written: "Written",
    received: "Received",
    open_heading: "The pretend BankID has started",
    back: "Back to the phone",
    approved: "Approved. Go back to the e-service.",
    refused: "Cancelled. Go back to the e-service.",
    read: "The QR code has been read.",
    failed: "It did not work. The e-service is told why.",
    close: "You can close this tab.",
};

pub const fn texts(lang: Lang) -> &'static Texts {
    match lang {
        Lang::Sv => &SV,
        Lang::En => &EN,
    }
}

/// What a person is told when the app does not take an order.
pub const fn refusal(refusal: Refusal, lang: Lang) -> &'static str {
    let (sv, en) = match refusal {
        Refusal::UnknownPerson => ("Välj en person i listan.", "Choose a person from the list."),
        Refusal::QrSyntax => (
            "Det är inte texten från en BankID-kod. Den börjar med bankid.",
            "That is not the text of a BankID code. It begins with bankid.",
        ),
        Refusal::QrForeign | Refusal::TokenForeign | Refusal::TokenSyntax => (
            "Den hör inte till någon inloggning i den här sandlådan, eller till en som är över. Börja om i e-tjänsten.",
            "It belongs to no login of this sandbox, or to one that is over. Start again in the e-service.",
        ),
        Refusal::QrWrong => ("Koden är förfalskad.", "The code is forged."),
        Refusal::QrStale => (
            "Koden är för gammal. Läs av en nyare: den byts varje sekund.",
            "The code is too old. Read a newer one: it changes every second.",
        ),
        Refusal::AlreadyPickedUp => ("En telefon har redan hämtat den.", "A phone has fetched it already."),
        Refusal::OrderOver => (
            "Tiden har gått ut eller så är den redan klar. Börja om i e-tjänsten.",
            "Its time has run out or it is finished. Start again in the e-service.",
        ),
        Refusal::WrongPerson => (
            "Den gäller en annan person. Välj den personen.",
            "It is for another person. Choose that person.",
        ),
        Refusal::NoMatchingBankId => (
            "E-tjänsten godtar inte det slags BankID som personen har.",
            "The e-service does not accept the kind of BankID that the person has.",
        ),
        Refusal::NoOrder => (
            "Den finns inte längre. Börja om i e-tjänsten.",
            "It is not there any more. Start again in the e-service.",
        ),
        Refusal::Internal => {
            ("Sandlådan gjorde fel. Se dess logg.", "The sandbox made a mistake. See its log.")
        }
    };
    match lang {
        Lang::Sv => sv,
        Lang::En => en,
    }
}
