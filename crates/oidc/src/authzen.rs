//! Questions and answers of the AuthZEN Authorization API 1.0: one evaluation, or several at once.
//!
//! What is asked: may the `subject` (a person, by the client's name `sub`) do the `action` (a permission of the catalogue, by its
//! id) for the `resource` (an organisation, by its party id, or the person itself)?

use serde::Deserialize;
use serde_json::{Map, Value, json};

pub const CONFIGURATION: &str = "/.well-known/authzen-configuration";
pub const EVALUATION: &str = "/access/v1/evaluation";
pub const EVALUATIONS: &str = "/access/v1/evaluations";
/// Questions in one call.
pub const MOST: usize = 100;

/// Metadata of the decision point (§9).
pub fn document(issuer: &str) -> Value {
    json!({
        "policy_decision_point": issuer,
        "access_evaluation_endpoint": format!("{issuer}{EVALUATION}"),
        "access_evaluations_endpoint": format!("{issuer}{EVALUATIONS}"),
    })
}

/// A subject or a resource.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Entity {
    #[serde(rename = "type")]
    pub kind: String,
    pub id: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Action {
    pub name: String,
}

/// What the caller knows besides; what is not ours is ignored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Context {
    /// The answer must know at least this change.
    pub at_least_seq: Option<u64>,
}

/// One question that can be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub subject: Entity,
    pub action: Action,
    pub resource: Entity,
    pub context: Context,
}

/// How a batch is carried out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Semantic {
    #[default]
    ExecuteAll,
    DenyOnFirstDeny,
    PermitOnFirstPermit,
}

impl Semantic {
    /// Whether the batch ends after this answer.
    pub fn ends_with(self, decision: bool) -> bool {
        match self {
            Self::ExecuteAll => false,
            Self::DenyOnFirstDeny => !decision,
            Self::PermitOnFirstPermit => decision,
        }
    }
}

/// The call is no question at all: 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAsked(pub &'static str);

/// A call to either endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    One(Question),
    /// Each can be answered, or is of the wrong form: that one is then answered with no (§7.1.2).
    Many(Vec<Result<Question, NotAsked>>, Semantic),
}

/// Reads a call of `evaluation`.
///
/// # Errors
/// [`NotAsked`].
pub fn one(body: &[u8]) -> Result<Question, NotAsked> {
    question(&object(body)?, &Map::new())
}

/// Reads a call of `evaluations`. Without a list it is one question (§7.1).
///
/// # Errors
/// [`NotAsked`] where the call as a whole is of the wrong form.
pub fn many(body: &[u8]) -> Result<Call, NotAsked> {
    let defaults = object(body)?;
    let items = match defaults.get("evaluations") {
        None => &[][..],
        Some(Value::Array(items)) => items,
        Some(_) => return Err(NotAsked("evaluations must be a list")),
    };
    if items.is_empty() {
        return question(&defaults, &Map::new()).map(Call::One);
    }
    if items.len() > MOST {
        return Err(NotAsked("at most 100 evaluations in one call"));
    }
    let semantic = match defaults.get("options").and_then(|options| options.get("evaluations_semantic")) {
        None => Semantic::default(),
        Some(word) => serde_json::from_value(word.clone()).map_err(|_| {
            NotAsked("evaluations_semantic must be execute_all, deny_on_first_deny or permit_on_first_permit")
        })?,
    };
    let questions = items.iter().map(|item| match item {
        Value::Object(item) => question(item, &defaults),
        _ => Err(NotAsked("an evaluation must be an object")),
    });
    Ok(Call::Many(questions.collect(), semantic))
}

fn object(body: &[u8]) -> Result<Map<String, Value>, NotAsked> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(NotAsked("the body must be a JSON object")),
    }
}

/// An entity of an item takes the place of the default's as a whole, never field by field (§7.1.1).
fn question(item: &Map<String, Value>, defaults: &Map<String, Value>) -> Result<Question, NotAsked> {
    let entity = |name: &str| item.get(name).or_else(|| defaults.get(name)).cloned().unwrap_or(Value::Null);
    let read = |name, wrong| -> Result<Entity, NotAsked> {
        let found: Entity = serde_json::from_value(entity(name)).map_err(|_| NotAsked(wrong))?;
        if found.kind.is_empty() || found.id.is_empty() { Err(NotAsked(wrong)) } else { Ok(found) }
    };
    let action: Action = serde_json::from_value(entity("action"))
        .ok()
        .filter(|action: &Action| !action.name.is_empty())
        .ok_or(NotAsked("action needs a name"))?;
    let context = match entity("context") {
        Value::Null => Context::default(),
        context => serde_json::from_value(context).map_err(|_| NotAsked("context must be an object"))?,
    };
    Ok(Question {
        subject: read("subject", "subject needs type and id")?,
        action,
        resource: read("resource", "resource needs type and id")?,
        context,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(value: &Value) -> Vec<u8> {
        value.to_string().into_bytes()
    }

    fn whole() -> Value {
        json!({"subject": {"type": "person", "id": "s", "properties": {}}, "action": {"name": "a.b"},
               "resource": {"type": "organisation", "id": "o"}, "unknown": 1})
    }

    #[test]
    fn a_question_is_whole_or_none() {
        assert_eq!(one(&body(&whole())).unwrap().action.name, "a.b");
        for path in ["subject", "action", "resource"] {
            let mut part = whole();
            part.as_object_mut().unwrap().remove(path);
            assert!(one(&body(&part)).is_err(), "{path}");
            for wrong in [json!(1), json!({}), json!({"type": "", "id": "x", "name": ""}), json!([])] {
                let mut part = whole();
                part[path] = wrong;
                assert!(one(&body(&part)).is_err(), "{path}");
            }
        }
        for bad in ["", "[]", "{", "null"] {
            assert!(one(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn items_take_the_place_of_defaults_whole() {
        let mut batch = whole();
        batch["evaluations"] = json!([{}, {"action": {"name": "c.d"}}, {"subject": {"type": "person"}}, 7]);
        let Call::Many(asked, semantic) = many(&body(&batch)).unwrap() else { panic!("a batch") };
        assert_eq!(semantic, Semantic::ExecuteAll);
        assert_eq!(asked[0].as_ref().unwrap().action.name, "a.b");
        assert_eq!(asked[1].as_ref().unwrap().action.name, "c.d");
        assert!(asked[2].is_err(), "the id of the default is not taken over");
        assert!(asked[3].is_err());
    }

    #[test]
    fn without_a_list_it_is_one_question_and_options_are_known_words() {
        assert!(matches!(many(&body(&whole())), Ok(Call::One(_))));
        let mut empty = whole();
        empty["evaluations"] = json!([]);
        assert!(matches!(many(&body(&empty)), Ok(Call::One(_))));
        let mut odd = whole();
        odd["evaluations"] = json!([{}]);
        odd["options"] = json!({"evaluations_semantic": "dance"});
        assert!(many(&body(&odd)).is_err());
        odd["options"] = json!({"evaluations_semantic": "deny_on_first_deny"});
        assert!(matches!(many(&body(&odd)), Ok(Call::Many(_, Semantic::DenyOnFirstDeny))));
        odd["evaluations"] = json!(vec![json!({}); 101]);
        assert!(many(&body(&odd)).is_err());
    }
}
