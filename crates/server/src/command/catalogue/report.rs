//! What a catalogue would do, told in words with counts and as JSON with ids. Never a name or a number of anybody.

use app::new_catalogue::{Difference, Effects, Preview, Turn};
use catalogue::{Catalogue, ChangeKind, Lang};
use domain::PartyId;
use domain::fact::Right;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Organisations that are told one by one; the rest stand in the JSON.
const MOST_TOLD: usize = 20;

const TURNS: [Turn; 2] = [Turn::Gains, Turn::Loses];

pub fn text(new: &Catalogue, preview: &Preview) -> String {
    let mut told = String::new();
    let since = match (&preview.effects, preview.in_force) {
        (Some(_), Some(seq)) => format!("Compared with the version in force since change {seq}."),
        (None, Some(seq)) => format!(
            "This release cannot read the version in force since change {seq}: what changes, and for whom, is not known."
        ),
        (_, None) => "No version is in force yet.".to_owned(),
    };
    line(&mut told, &since);
    if let Some(effects) = &preview.effects {
        changes(&mut told, new, effects);
        people(&mut told, new, effects, preview.agency);
    }
    refusals(&mut told, preview);
    told.trim_end().to_owned()
}

fn line(told: &mut String, line: &str) {
    // Writing to a String does not fail.
    let _ = writeln!(told, "{line}");
}

fn changes(told: &mut String, new: &Catalogue, effects: &Effects) {
    line(told, "\nWhat changes");
    for change in &effects.changes {
        let name = name(new, change.what, &change.id).map_or(String::new(), |name| format!(" – {name}"));
        let (kind, what) = (kind(change.kind), change.what.replace('_', " "));
        // Ids of permissions, packages and services begin with their service; the rest are unique in theirs.
        let tells_its_service = change.id.split('.').next() == Some(change.service.as_str());
        let at = if tells_its_service { String::new() } else { format!("{}: ", change.service) };
        line(told, &format!("  {kind:<8} {what:<16} {at}{}{name}", change.id));
    }
}

/// The English name of a permission, a package or a service.
fn name<'c>(new: &'c Catalogue, what: &str, id: &str) -> Option<&'c str> {
    let name = match what {
        "permission" => &new.permission(id)?.name,
        "package" => &new.package(id)?.name,
        "service" => &new.service(id)?.name,
        _ => return None,
    };
    Some(name.get(Lang::En))
}

fn people(told: &mut String, new: &Catalogue, effects: &Effects, agency: PartyId) {
    line(told, "\nWho gains and who loses");
    if effects.people.is_empty() && effects.everyone.is_empty() {
        line(told, "  Nobody: every mandate in force gives exactly what it gave.");
    }
    for (turn, permission) in &effects.everyone {
        line(told, &format!("  Everyone {} for themselves: {}", verb(*turn, 1), called(new, permission)));
    }
    if !effects.people.is_empty() {
        let [gain, lose] = TURNS.map(|turn| effects.count(turn));
        let (gains, loses) = (verb(Turn::Gains, gain), verb(Turn::Loses, lose));
        line(told, &format!("  {} {gains} and {} {loses} something.", persons(gain), persons(lose)));
        by_permission(told, new, &effects.people);
        by_party(told, &effects.people, agency);
    }
    if effects.changes.iter().any(|c| ["service", "method", "terms", "permission"].contains(&c.what)) {
        line(
            told,
            "  Not counted: whether people's logins and their organisation's connection and acceptance of the terms\n  \
             still suffice. Changes above of a service, method, permission or terms can bear on that.",
        );
    }
}

fn by_permission(told: &mut String, new: &Catalogue, people: &[Difference]) {
    let mut groups: BTreeMap<(Turn, Right, &str), Vec<&Difference>> = BTreeMap::new();
    for difference in people {
        groups
            .entry((difference.turn, difference.right, &difference.permission))
            .or_default()
            .push(difference);
    }
    for ((turn, right, permission), group) in groups {
        let parties = group.iter().map(|d| d.party).collect::<BTreeSet<_>>().len();
        let (who, verb, right) = (persons(group.len()), verb(turn, group.len()), word(right));
        let at = if parties == 1 { "1 party".to_owned() } else { format!("{parties} parties") };
        line(told, &format!("  {who} at {at} {verb} the right to {right}: {}", called(new, permission)));
    }
}

fn by_party(told: &mut String, people: &[Difference], agency: PartyId) {
    let mut parties: BTreeMap<PartyId, [BTreeSet<PartyId>; 2]> = BTreeMap::new();
    for difference in people {
        let [gain, lose] = parties.entry(difference.party).or_default();
        let side = if difference.turn == Turn::Gains { gain } else { lose };
        side.insert(difference.person);
    }
    line(told, "  At each party:");
    for (party, [gain, lose]) in parties.iter().take(MOST_TOLD) {
        let party = if *party == agency { "the agency".to_owned() } else { format!("organisation {party}") };
        line(told, &format!("    {party}: {} gain, {} lose", gain.len(), lose.len()));
    }
    if parties.len() > MOST_TOLD {
        line(told, &format!("    and {} more; `diff --json` tells all", parties.len() - MOST_TOLD));
    }
}

fn refusals(told: &mut String, preview: &Preview) {
    if preview.refused().is_none() {
        return;
    }
    line(told, "\n`apply` refuses it");
    for mistake in preview.effects.iter().flat_map(|effects| &effects.altered_terms) {
        line(told, &format!("  {}: {}\n    → {}", mistake.file, mistake.what, mistake.fix));
    }
    for used in &preview.in_use {
        let mut users = Vec::new();
        match used.facts.len() {
            0 => {}
            1 => users.push("1 live fact names".to_owned()),
            n => users.push(format!("{n} live facts name")),
        }
        users.extend(used.clients.iter().map(|id| format!("the connected e-service {id} is")));
        let fix = match used.what {
            "method" => "keep the method described; take it from the `methods` of the services instead",
            "terms" => "put that version back, word for word",
            _ if !used.clients.is_empty() => {
                "put the service's file there too, or switch its e-service off first with `behorig client disable`"
            }
            _ => "end or change what names it first, or put it back",
        };
        let what = if used.what == "permission" { "permission or package" } else { used.what };
        let users = users.join(", and ");
        line(told, &format!("  {users} the {what} {}, which these files do not hold\n    → {fix}", used.id));
    }
}

fn called(new: &Catalogue, permission: &str) -> String {
    match name(new, "permission", permission) {
        Some(name) => format!("{name} ({permission})"),
        None => permission.to_owned(),
    }
}

fn persons(n: usize) -> String {
    if n == 1 { "1 person".to_owned() } else { format!("{n} persons") }
}

fn verb(turn: Turn, n: usize) -> &'static str {
    match (turn, n) {
        (Turn::Gains, 1) => "gains",
        (Turn::Gains, _) => "gain",
        (Turn::Loses, 1) => "loses",
        (Turn::Loses, _) => "lose",
    }
}

fn word(right: Right) -> &'static str {
    match right {
        Right::Use => "use",
        Right::Give => "give",
        Right::GiveOn => "give on",
    }
}

fn kind(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "added",
        ChangeKind::Changed => "changed",
        ChangeKind::Dropped => "dropped",
    }
}

/// For programs: the same, with the ids of parties and facts. `None`: nothing differs.
pub fn json(new: &Catalogue, preview: Option<&Preview>) -> anyhow::Result<String> {
    let hash = new.hash().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let told = match preview {
        None => json!({ "catalogue": hash, "differs": false, "refused": null }),
        Some(preview) => json!({
            "catalogue": hash,
            "differs": true,
            "in_force": preview.in_force.map(|seq| seq.0),
            "refused": preview.refused(),
            "effects": preview.effects.as_ref().map(|effects| effects_json(effects, preview.agency)),
            "in_use": preview.in_use.iter().map(|used| json!({
                "what": used.what,
                "id": used.id,
                "clients": used.clients,
                "facts": used.facts.iter().map(ToString::to_string).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
        }),
    };
    Ok(serde_json::to_string_pretty(&told)?)
}

fn effects_json(effects: &Effects, agency: PartyId) -> Value {
    let changes = effects.changes.iter().map(|change| {
        json!({ "service": change.service, "what": change.what, "id": change.id, "kind": kind(change.kind) })
    });
    let altered =
        effects.altered_terms.iter().map(|mistake| json!({ "file": mistake.file, "what": mistake.what }));
    let mut parties: BTreeMap<PartyId, Vec<&Difference>> = BTreeMap::new();
    for difference in &effects.people {
        parties.entry(difference.party).or_default().push(difference);
    }
    let parties = parties.iter().map(|(party, all)| {
        let side = |turn: Turn| -> Vec<Value> {
            let these = all.iter().filter(|difference| difference.turn == turn);
            let one = |d: &&Difference| json!({ "person": d.person.to_string(), "permission": d.permission, "right": d.right });
            these.map(one).collect()
        };
        json!({ "party": party.to_string(), "agency": *party == agency, "gains": side(Turn::Gains), "loses": side(Turn::Loses) })
    });
    let own = |turn: Turn| -> Vec<&str> {
        effects
            .everyone
            .iter()
            .filter(|(t, _)| *t == turn)
            .map(|(_, permission)| permission.as_str())
            .collect()
    };
    json!({
        "changes": changes.collect::<Vec<_>>(),
        "gain": effects.count(Turn::Gains),
        "lose": effects.count(Turn::Loses),
        "parties": parties.collect::<Vec<_>>(),
        "everyone": { "gains": own(Turn::Gains), "loses": own(Turn::Loses) },
        "altered_terms": altered.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::new_catalogue::InUse;
    use domain::{FactId, Seq};

    const AGENCY: PartyId = PartyId::from_bytes([1; 16]);

    fn difference(party: u8, person: u8, turn: Turn, permission: &str) -> Difference {
        let [party, person] = [party, person].map(|n| PartyId::from_bytes([n; 16]));
        Difference { party, person, turn, permission: permission.to_owned(), right: Right::Use }
    }

    /// One person gains at the agency; at each of 22 organisations one loses, and one of them loses two things.
    fn preview() -> Preview {
        let send = "employer.sickness_report.create";
        let mut people = vec![difference(1, 200, Turn::Gains, "platform.log.read")];
        people.extend((2..24).map(|n| difference(n, 100 + n, Turn::Loses, send)));
        people.push(difference(2, 102, Turn::Loses, "employer.sickness_report.old"));
        Preview {
            in_force: Some(Seq(7)),
            agency: AGENCY,
            effects: Some(Effects {
                changes: Vec::new(),
                people,
                everyone: vec![(Turn::Gains, "platform.mandate.read_own".to_owned())],
                altered_terms: Vec::new(),
            }),
            in_use: Vec::new(),
        }
    }

    #[test]
    fn people_are_counted_by_permission_and_by_party_and_never_told_by_id() {
        let new = crate::carried::catalogue().unwrap();
        let told = text(&new, &preview());
        for line in [
            "  Everyone gains for themselves: See one's own authorisations (platform.mandate.read_own)",
            "  1 person gains and 22 persons lose something.",
            "  1 person at 1 party gains the right to use: See the activity log's checkpoints and proofs (platform.log.read)",
            "  22 persons at 22 parties lose the right to use: Report sickness (employer.sickness_report.create)",
            "  1 person at 1 party loses the right to use: employer.sickness_report.old",
            "    the agency: 1 gain, 0 lose",
            "    organisation 02020202020202020202020202020202: 0 gain, 1 lose",
            "    and 3 more; `diff --json` tells all",
        ] {
            assert!(told.lines().any(|l| l == line), "{line}\n{told}");
        }
        for n in 102..124 {
            assert!(!told.contains(&PartyId::from_bytes([n; 16]).to_string()), "{told}");
        }
        assert!(!told.contains("refuses"));
    }

    #[test]
    fn programs_are_told_every_person_under_the_party_by_id() {
        let new = crate::carried::catalogue().unwrap();
        let told: Value = serde_json::from_str(&json(&new, Some(&preview())).unwrap()).unwrap();
        let effects = &told["effects"];
        assert_eq!((&effects["gain"], &effects["lose"]), (&json!(1), &json!(22)));
        let parties = effects["parties"].as_array().unwrap();
        assert_eq!(parties.len(), 23);
        assert_eq!(parties[0]["agency"], json!(true));
        assert_eq!(parties[1]["loses"].as_array().unwrap().len(), 2);
        let person = PartyId::from_bytes([102; 16]).to_string();
        assert!(parties[1]["loses"].as_array().unwrap().iter().all(|lost| lost["person"] == json!(person)));
        assert_eq!(effects["everyone"]["gains"], json!(["platform.mandate.read_own"]));
        let same: Value = serde_json::from_str(&json(&new, None).unwrap()).unwrap();
        assert_eq!((&same["differs"], &same["effects"]), (&json!(false), &Value::Null));
    }

    #[test]
    fn what_cannot_be_compared_or_applied_says_why_and_what_to_do() {
        let new = crate::carried::catalogue().unwrap();
        let facts = [FactId::from_bytes([9; 16]), FactId::from_bytes([8; 16])].into();
        let in_use =
            InUse { what: "permission", id: "employer.old".to_owned(), facts, clients: BTreeSet::new() };
        let unread = Preview { effects: None, in_use: vec![in_use], ..preview() };
        let told = text(&new, &unread);
        assert!(told.contains("cannot read the version in force since change 7"), "{told}");
        assert!(!told.contains("Who gains"), "{told}");
        assert!(told.contains("2 live facts name the permission or package employer.old"), "{told}");
        assert!(told.contains("→ end or change what names it first"), "{told}");
        let shop = InUse {
            what: "service",
            id: "shop".to_owned(),
            facts: [FactId::from_bytes([9; 16])].into(),
            clients: ["shop-app".to_owned()].into(),
        };
        let told = text(&new, &Preview { effects: None, in_use: vec![shop], ..preview() });
        let says = "  1 live fact names, and the connected e-service shop-app is the service shop, which these files do not hold";
        assert!(told.contains(says) && told.contains("→ put the service's file there too"), "{told}");
        let first = Preview { in_force: None, in_use: Vec::new(), ..unread };
        assert_eq!(text(&new, &first), "No version is in force yet.");
    }
}
