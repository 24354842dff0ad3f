//! Part of the union pass: rules of unions in requests.
//!
//! In: a union with the rule of responses. Out: its rule without `readOnly` properties, which are not sent (OpenAPI 3.0.3 §4.7.24.1).
//!
//! Invariant: the rule does not use received-only properties.

use super::expect;
use crate::ir::{Expect, Field, Key, Pattern, Rule, Shape, TypeId, Types, Union, Variant};

/// Removes received-only properties from the rules of unions.
pub(in crate::lower) fn drop_read_only_tests(types: &mut Types, ids: impl IntoIterator<Item = TypeId>) {
    for id in ids {
        let Shape::Union(union) = &types[id].shape else { continue };
        let rule = rule_when_sent(types, union);
        if let (Shape::Union(union), Some(rule)) = (&mut types[id].shape, rule) {
            union.rule = rule;
        }
    }
}

/// Returns the rule without received-only properties, if the union's rule has any.
fn rule_when_sent(types: &Types, Union { variants, rule }: &Union) -> Option<Rule> {
    let is_left_out = |variant: &Variant, name: &str| {
        types.shape(variant.ty).fields().iter().any(|field| field.read_only && field.wire_name == name)
    };
    let is_asked_in_vain = |variant: &Variant| variant.test.keys.iter().any(|key| is_left_out(variant, &key.name));
    match rule {
        Rule::FirstMatch if variants.iter().any(is_asked_in_vain) => {
            Some(Rule::BestFit(variants.iter().map(|variant| vec![sent_pattern(types, variant)]).collect()))
        }
        Rule::Tag(_) | Rule::FirstMatch => None,
        Rule::BestFit(patterns) => {
            let mut patterns = patterns.clone();
            for (variant, patterns) in variants.iter().zip(&mut patterns) {
                for key in patterns.iter_mut().flat_map(|pattern| &mut pattern.keys) {
                    key.required &= !is_left_out(variant, &key.name);
                }
            }
            Some(Rule::BestFit(patterns))
        }
    }
}

/// Returns the pattern of a branch with its sent properties.
fn sent_pattern(types: &Types, variant: &Variant) -> Pattern {
    let shape = types.shape(variant.ty);
    let own = expect(shape).filter(|own| matches!(own, Expect::Object | Expect::Map));
    let key = |field: &Field| {
        let told = variant.test.keys.iter().find(|key| key.name == field.wire_name);
        let constants = told.map(|key| key.constants.clone()).unwrap_or_default();
        Key::new(&field.wire_name, field.required_when_sent, constants)
    };
    let keys = shape.fields().iter().filter(|field| !field.read_only).map(key).collect();
    Pattern { keys, ..Pattern::of(own.unwrap_or(variant.test.expect)) }
}
