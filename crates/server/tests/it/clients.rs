//! `behorig client`: an e-service is connected by command, and every mistake is told at once with a way forward.

use crate::bad_files::run;
use crate::support::house::folder;
use crate::support::table::{Table, unquiet};
use std::path::{Path, PathBuf};

/// RFC 7515, appendix A.3: the public half, and what the private one would add.
const PUBLIC: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","kid":"shop-1","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;

/// An installation without a running process.
struct Installed(PathBuf);

impl Installed {
    fn new() -> Self {
        let folder = folder();
        let dir = folder.display().to_string();
        let (code, said) = run(&["init", "--name", "A", "--number", "4021001005", "--dir", &dir]);
        assert_eq!(code, 0, "{said}");
        let catalogue = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue/example.toml");
        std::fs::copy(catalogue, folder.join("example.toml")).unwrap();
        std::fs::write(folder.join("public.json"), PUBLIC).unwrap();
        std::fs::write(folder.join("private.json"), PUBLIC.replace("\"kid\"", "\"d\":\"AA\",\"kid\""))
            .unwrap();
        std::fs::write(folder.join("broken.toml"), "[service]\nid = 7\n").unwrap();
        Self(folder)
    }

    fn at(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    fn client(&self, arguments: &[&str]) -> (i32, String) {
        let config = self.at("behorig.toml");
        run(&[&["client"], arguments, &["--config", &config]].concat())
    }

    /// `client add` of a shop that is right, with some options changed or added.
    fn add(&self, id: &str, more: &[&str]) -> (i32, String) {
        let service = ["add", "--id", id, "--name-sv", "Butiken", "--name-en", "The shop"];
        self.client(&[&service, more].concat())
    }
}

impl Drop for Installed {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

const BACK: [&str; 2] = ["--redirect", "https://shop.example.se/back"];

#[test]
fn an_e_service_is_connected_by_command() {
    let installed = Installed::new();
    let (code, said) = installed.client(&["list"]);
    assert!(code == 0 && said.contains("behorig client add"), "{said}");

    // The service comes in force with its e-service, by one command; its file lies with the others afterwards.
    let (jwks, file) = (installed.at("public.json"), installed.at("example.toml"));
    let whole = ["--service", "example", "--jwks", &jwks, "--catalogue", &file, "--signed-userinfo"];
    let (code, said) = installed.add("shop", &[&whole[..], &BACK].concat());
    assert!(
        code == 0 && said.contains("shop is registered") && said.contains("In force by change"),
        "{said}"
    );
    assert!(said.contains("/.well-known/openid-configuration"), "{said}");
    let copied = std::fs::read(installed.0.join("catalogue/example.toml")).unwrap();
    assert_eq!(copied, std::fs::read(&file).unwrap());
    let config = installed.at("behorig.toml");
    let (code, said) = run(&["catalogue", "apply", "--config", &config]);
    assert!(code == 0 && said.contains("in force already"), "the folder is what is in force: {said}");

    // Again with the file that lies there already.
    let app = ["--service", "example", "--public", "--loopback-any", "--catalogue", &file];
    let (code, said) = installed.add("shop-app", &app);
    assert!(code == 0, "{said}");

    let (code, said) = installed.client(&["list"]);
    assert!(code == 0 && said.contains("shop-app") && said.contains("private_key_jwt"), "{said}");
    let (_, said) = installed.client(&["list", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((told[0]["id"].as_str(), told[0]["kids"][0].as_str()), (Some("shop"), Some("shop-1")));
    assert_eq!((told[0]["userinfo"].as_str(), told[1]["loopback"].as_str()), (Some("signed"), Some("any")));
    let (code, said) = installed.client(&["show", "shop"]);
    assert!(code == 0 && said.contains("https://shop.example.se/back") && said.contains("shop-1"), "{said}");

    let (code, said) = installed.client(&["disable", "shop"]);
    assert!(code == 0 && said.contains("switched off"), "{said}");
    let (_, said) = installed.client(&["show", "shop", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert!(told["disabled_at"].is_string(), "{said}");
    let (code, said) = run(&["log", "verify", "--config", &config]);
    assert_eq!(code, 0, "{said}");
}

/// Options of a public client of the service that is in force from the first.
fn public<'o>(more: &[&'o str]) -> Vec<&'o str> {
    [&["--service", "employer", "--public"], more].concat()
}

#[test]
fn every_mistake_is_told_with_a_way_forward() {
    let installed = Installed::new();
    let mut table = Table::of("clients.rs::every_mistake_is_told_with_a_way_forward");
    let (private, file, broken) =
        (installed.at("private.json"), installed.at("example.toml"), installed.at("broken.toml"));
    let missing = installed.at("nothing.json");
    let at_employer = ["--service", "employer"];
    let long = "a".repeat(101);
    let mut faults = Vec::new();
    let mut meets = |input: &str, (code, said): (i32, String)| {
        let row = match table.row(input) {
            Ok(row) => row,
            Err(wrong) => return faults.push(format!("“{input}”: {wrong}; {code}: {said}")),
        };
        let so = row.status == format!("exit {code}")
            && row.codes.iter().all(|word| said.contains(word.as_str()))
            && unquiet(&said, &[]).is_empty();
        if !so {
            faults.push(format!("“{input}”: {row:?}; got {code}: {said}"));
        }
    };
    meets(
        "`client add`: neither --public nor --jwks",
        installed.add("shop", &[&at_employer[..], &BACK].concat()),
    );
    let both = [&public(&["--jwks", &private])[..], &BACK].concat();
    meets("`client add`: --public and --jwks", installed.add("shop", &both));
    meets("`client add`: --id with capitals", installed.add("Shop", &public(&BACK)));
    meets("`client add`: --id of a trial", installed.add("trial-x1", &public(&BACK)));
    meets(
        "`client add`: --service that is not in force",
        installed.add("shop", &[&["--service", "example", "--public"][..], &BACK].concat()),
    );
    meets("`client add`: no --redirect of a public client", installed.add("shop", &public(&[])));
    for (input, uri) in [
        ("`client add`: --redirect without a scheme", "shop.example.se/back"),
        ("`client add`: --redirect with a user in it", "https://shop.example.se@evil.example/"),
        ("`client add`: --redirect with a wildcard", "https://*.example.se/back"),
        ("`client add`: --redirect that is a script", "javascript:alert(1)"),
    ] {
        meets(input, installed.add("shop", &public(&["--redirect", uri])));
    }
    let many: Vec<String> = (0..11).map(|n| format!("https://shop.example.se/{n}")).collect();
    let many: Vec<&str> = many.iter().flat_map(|uri| ["--redirect", uri.as_str()]).collect();
    meets("`client add`: eleven --redirect", installed.add("shop", &public(&many)));
    let keys = |file: &str| installed.add("shop", &[&at_employer[..], &["--jwks", file], &BACK].concat());
    meets("`client add`: --jwks with a private key", keys(&private));
    meets("`client add`: --jwks that is no JWK Set", keys(&file));
    meets("`client add`: --jwks that is not there", keys(&missing));
    let name = [&public(&BACK)[..], &["--home", "ftp://x"]].concat();
    let two =
        installed.client(&[&["add", "--id", "2", "--name-sv", &long, "--name-en", "x"], &name[..]].concat());
    meets("`client add`: three mistakes", two);
    let with = |file: &str| {
        installed
            .add("shop", &[&["--service", "example", "--public", "--catalogue", file][..], &BACK].concat())
    };
    meets("`client add`: --catalogue with a mistake", with(&broken));
    meets("`client add`: --catalogue that is not there", with(&missing));
    std::fs::write(installed.0.join("catalogue/example.toml"), "# another\n").unwrap();
    meets("`client add`: --catalogue that says something else than the file of its name", with(&file));
    std::fs::remove_file(installed.0.join("catalogue/example.toml")).unwrap();
    // A catalogue that is good is not brought in force for a client that is not.
    let bad = ["--service", "example", "--public", "--catalogue", &file, "--redirect", "x"];
    meets("`client add`: a good --catalogue and a bad --redirect", installed.add("shop", &bad));
    assert!(!installed.0.join("catalogue/example.toml").exists());
    meets("`client show`: of nobody", installed.client(&["show", "nobody"]));
    meets("`client show`: no id at all", installed.client(&["show", "../x"]));
    meets("`client disable`: of nobody", installed.client(&["disable", "nobody"]));
    let (code, said) = installed.client(&["list", "--json"]);
    assert_eq!((code, said.trim()), (0, "[]"), "no mistake registered anything");

    assert_eq!(installed.add("shop", &public(&BACK)).0, 0);
    meets("`client add`: an id that is taken", installed.add("shop", &public(&BACK)));
    assert_eq!(installed.client(&["disable", "shop"]).0, 0);
    meets("`client disable`: twice", installed.client(&["disable", "shop"]));
    faults.extend(table.left().iter().map(|input| format!("“{input}” was not performed")));
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
