//! Simulators for what cannot be reached: BankID, the mailbox, the demo people.
pub mod bankid;
pub mod error;
pub mod people;
pub mod pki;
pub mod clock;
pub use error::SandboxError;
#[cfg(test)]
mod spike {
    use crate::{bankid::{ocsp, signature::*}, people::People, pki::*};
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    #[test]
    fn spike() {
        let dir = std::path::Path::new("/tmp/sbx/data");
        let t = std::time::Instant::now();
        let pki = Pki::open(dir).unwrap();
        println!("open {:?}", t.elapsed());
        let people = People::load().unwrap();
        let now = domain::Instant::from_micros(1_795_000_000_000_000 - 30_000_000_000_000*0);
        let c = pki.person(people.get("astrid").unwrap(), POLICY_MOBILE, now, [0x41,2,3,4,5,6,7,8]).unwrap();
        let xml = sign(&SignedData{operation: Operation::Identification, visible: Some("SGVqIHDDpSBkaWc="), format: Some("simpleMarkdownV1"), non_visible: Some("e30="), relying_party:"cn=x", display_name:"Myndigheten", nonce:[7;20], uhi:"AAAA", conditions: vec![("CertificatePolicies", "1.2.3.4.25".into())], confirmation: Confirmation::SecurityCode}, &c).unwrap();
        let sig = STANDARD.encode(&xml);
        let o = ocsp::answer(&pki, &c, ocsp::Status::Good, ocsp::nonce(&sig, [1;12]), now).unwrap();
        std::fs::write(dir.join("sig.xml"), &xml).unwrap();
        std::fs::write(dir.join("out.json"), format!("{{\"completionData\":{{\"signature\":\"{sig}\",\"ocspResponse\":\"{}\"}}}}", STANDARD.encode(o))).unwrap();
        println!("all {:?}", t.elapsed());
    }
}
