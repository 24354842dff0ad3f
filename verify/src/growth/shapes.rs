//! Families of documents: each has one part in any number, size or depth.
//!
//! In: the count. Out: a document. Invariant: a document with twice the count has twice the size, so that the cost should double, too.

use serde_json::{Map, Value, json};

/// A family of documents.
pub(super) struct Shape {
    pub(super) name: &'static str,
    /// The count of the smaller document; the larger one has twice as many.
    pub(super) count: usize,
    pub(super) document: fn(usize) -> Value,
}

/// All families.
pub(super) const SHAPES: &[Shape] = &[
    // Depth. Documents may have at most 128 nested levels.
    of("nested allOf", 28, |count| with_schema(&nested(count, |inner| json!({"allOf": [padded(), inner]})))),
    of("nested oneOf", 28, |count| with_schema(&nested(count, |inner| json!({"oneOf": [padded(), inner]})))),
    of("nested anyOf", 28, |count| with_schema(&nested(count, |inner| json!({"anyOf": [padded(), inner]})))),
    of("nested items", 52, |count| {
        with_schema(&nested(
            count,
            |inner| json!({"type": "array", "items": inner, "description": "One of the things that the list has, in the order in which they came."}),
        ))
    }),
    of("nested properties", 26, |count| {
        with_schema(&nested(count, |inner| object(json!({"p": inner, "q": padded()}))))
    }),
    of("nested examples", 50, |count| {
        with_schema(&json!({"type": "object", "example": nested(count, |inner| json!({"p": inner, "q": padded()}))}))
    }),
    // Chains of components.
    of("a chain of allOf", 1200, |count| chain(count, |next| json!({"allOf": [next, object(json!({"p": text()}))]}))),
    of("allOf twice in allOf", 1200, |count| chain(count, |next| json!({"allOf": [next, next]}))),
    of("allOf eight times in allOf", 200, |count| chain(count, |next| json!({"allOf": list(8, |_| next.clone())}))),
    of("a chain of oneOf", 1200, |count| chain(count, |next| json!({"oneOf": [next, {"type": "integer"}]}))),
    of("a chain of oneOf of objects", 1200, |count| chain(count, |next| json!({"oneOf": [next, padded()]}))),
    of("a chain of anyOf", 1200, |count| chain(count, |next| json!({"anyOf": [next, padded()]}))),
    of("oneOf in fields of oneOf", 200, |count| {
        chain(count, |next| {
            object(json!({"p": {"oneOf": [next, {"type": "string"}]}, "q": {"oneOf": [next, padded()]}}))
        })
    }),
    of("a chain of references", 8000, |count| chain(count, |next| next)),
    of("a chain of items", 4000, |count| chain(count, |next| json!({"type": "array", "items": next}))),
    of("a chain of properties", 4000, |count| chain(count, |next| object(json!({"next": next, "other": next})))),
    of("references into references", 2000, |count| {
        let place = |number: usize| json!({"$ref": format!("#/components/schemas/S{number}/properties/p")});
        let mut schemas = schemas(count, |number| object(json!({"p": place(number + 1)})));
        schemas.insert(format!("S{count}"), object(json!({"p": text()})));
        document(json!({}), json!({"schemas": schemas}))
    }),
    of("references into the parts of a schema", 2000, |count| {
        let place = |number: usize| json!({"$ref": format!("#/components/schemas/A/properties/p{number}")});
        let mut schemas = schemas(count, |number| object(json!({"p": place(number)})));
        schemas.insert("A".to_owned(), object(members(count, "p", |_| object(json!({"q": text()})))));
        document(json!({}), json!({"schemas": schemas}))
    }),
    of("parents with discriminators", 400, |count| {
        let mut all =
            schemas(count, |_| json!({"allOf": [{"$ref": "#/components/schemas/Base"}, object(json!({"q": text()}))]}));
        let mut base = object(json!({"kind": text()}));
        base["discriminator"] = json!({"propertyName": "kind"});
        all.insert("Base".to_owned(), base);
        document(json!({}), json!({"schemas": all}))
    }),
    of("parents with oneOf of their children", 400, |count| {
        let mut all =
            schemas(count, |_| json!({"allOf": [{"$ref": "#/components/schemas/Base"}, object(json!({"q": text()}))]}));
        let mut base = object(json!({"kind": text()}));
        base["oneOf"] = list(count, reference);
        all.insert("Base".to_owned(), base);
        document(json!({}), json!({"schemas": all}))
    }),
    of("unions of the same objects", 1_600, |count| {
        let mut all = schemas(
            count,
            |_| json!({"anyOf": list(2, |number| json!({"$ref": format!("#/components/schemas/Part{number}")}))}),
        );
        for number in 0..2 {
            all.insert(format!("Part{number}"), object(members(count, &format!("p{number}_"), |_| text())));
        }
        document(json!({}), json!({"schemas": all}))
    }),
    of("tagged unions of the same objects", 800, |count| {
        let mut all = schemas(
            count,
            |_| json!({"oneOf": list(2, |number| json!({"$ref": format!("#/components/schemas/Part{number}")})), "discriminator": {"propertyName": "p0"}}),
        );
        for number in 0..2 {
            let mut object = object(members(count, "p", |_| text()));
            object["required"] = json!(["p0"]);
            all.insert(format!("Part{number}"), object);
        }
        document(json!({}), json!({"schemas": all}))
    }),
    of("allOf of the same object", 800, |count| {
        let mut all = schemas(
            count,
            |_| json!({"allOf": [{"$ref": "#/components/schemas/Part"}, {"type": "object", "properties": {"q": text()}}]}),
        );
        all.insert("Part".to_owned(), object(members(count, "p", |_| text())));
        document(json!({}), json!({"schemas": all}))
    }),
    of("a chain of twins", 1_000, |count| {
        let next = |number: usize| object(json!({"next": {"$ref": format!("#/components/schemas/Level{number}")}}));
        let mut all: Map<String, Value> =
            (1..count).map(|number| (format!("Level{number}"), next(number + 1))).collect();
        all.insert(format!("Level{count}"), object(json!({"next": text()})));
        all.insert("Level".to_owned(), next(1));
        document(json!({}), json!({"schemas": all}))
    }),
    // Length.
    of("a long operationId", 20_000, |count| with_operation("/a", json!({"operationId": words(count)}))),
    of("an operationId without words", 20_000, |count| with_operation("/a", json!({"operationId": "x".repeat(count)}))),
    of("a long description", 160_000, |count| with_operation("/a", json!({"description": words(count)}))),
    of("a description in Markdown", 80_000, |count| {
        with_operation("/a", json!({"description": "* a `b` [c](d) <e> **f**\n".repeat(count / 25)}))
    }),
    of("a description of brackets", 40_000, |count| {
        with_operation("/a", json!({"description": "[<*_`".repeat(count / 5)}))
    }),
    of("a long summary", 80_000, |count| with_operation("/a", json!({"summary": words(count)}))),
    of("a long tag", 80_000, |count| with_operation("/a", json!({"tags": [words(count)]}))),
    of("a long path", 1000, |count| with_operation(&format!("/{}", words(count)), json!({}))),
    of("a path of many parameters", 200, |count| {
        let path: String = (0..count).map(|number| format!("/{{p{number}}}")).collect();
        with_operation(&path, json!({}))
    }),
    of("a long name of a schema", 900, |count| {
        document(json!({}), json!({"schemas": {words(count): object(json!({"a": object(json!({"b": text()}))}))}}))
    }),
    of("a long name of a property", 800, |count| {
        with_schema(&object(json!({words(count): object(json!({"b": text()}))})))
    }),
    of("a long value of an enum", 80_000, |count| with_schema(&json!({"type": "string", "enum": [words(count), "b"]}))),
    of("a long pattern", 80_000, |count| {
        with_schema(&json!({"type": "string", "pattern": "(a|b)?".repeat(count / 6)}))
    }),
    of("a long server", 40_000, |count| {
        let mut all = with_operation("/a", json!({}));
        all["servers"] = json!([{"url": format!("https://a.example/{}", words(count))}]);
        all
    }),
    of("a long title", 40_000, |count| {
        let mut all = with_operation("/a", json!({}));
        all["info"]["title"] = words(count).into();
        all
    }),
    of("a long default", 80_000, |count| with_schema(&json!({"type": "string", "default": words(count)}))),
    // Number.
    of("many operations", 400, |count| {
        paths(count, |number| json!({"get": operation(json!({"operationId": format!("getThing{number}")}))}))
    }),
    of("many operations of one path's words", 400, |count| {
        let path = |number: usize| (format!("/things/{{id}}/parts/{number}"), json!({"get": operation(json!({}))}));
        document((0..count).map(path).collect::<Map<_, _>>().into(), json!({}))
    }),
    of("operations with one operationId", 400, |count| {
        paths(count, |_| json!({"get": operation(json!({"operationId": "get"}))}))
    }),
    of("many tags", 200, |count| {
        paths(count, |number| json!({"get": operation(json!({"tags": [format!("tag {number}")]}))}))
    }),
    of("many tags of one operation", 2000, |count| with_operation("/a", json!({"tags": numbered(count, "tag ")}))),
    of("many declared tags", 4000, |count| {
        let mut all = with_operation("/a", json!({"tags": ["tag 1"]}));
        all["tags"] = list(count, |number| json!({"name": format!("tag {number}"), "description": "d"}));
        all
    }),
    of("many schemas", 2000, |count| {
        document(json!({}), json!({"schemas": schemas(count, |number| object(json!({format!("p{number}"): text()})))}))
    }),
    of("many equal schemas", 2000, |count| document(json!({}), json!({"schemas": schemas(count, |_| padded())}))),
    of("many schemas of like names", 972, |count| {
        let schemas = (0..count).map(|number| (alike(number), padded())).collect::<Map<_, _>>();
        document(json!({}), json!({"schemas": schemas}))
    }),
    of("many inline objects of one name", 1200, |count| {
        let part = |number: usize| object(json!({"status": object(json!({format!("p{number}"): text()}))}));
        document(json!({}), json!({"schemas": schemas(count, part)}))
    }),
    of("many equal inline objects", 1200, |count| {
        document(json!({}), json!({"schemas": schemas(count, |_| object(json!({"status": padded()})))}))
    }),
    of("many properties", 4000, |count| with_schema(&object(members(count, "p", |_| text())))),
    of("many properties of like names", 4000, |count| {
        with_schema(&object((0..count).map(|number| (alike(number), text())).collect::<Map<_, _>>().into()))
    }),
    of("many required properties", 4000, |count| {
        let mut schema = object(members(count, "p", |_| text()));
        schema["required"] = numbered(count, "p");
        with_schema(&schema)
    }),
    of("many properties of objects", 2000, |count| {
        with_schema(&object(members(count, "p", |number| object(json!({format!("q{number}"): text()})))))
    }),
    of("many values of an enum", 8000, |count| {
        with_schema(&json!({"type": "string", "enum": numbered(count, "value ")}))
    }),
    of("many equal values of an enum", 8000, |count| {
        with_schema(&json!({"type": "string", "enum": list(count, |_| "a".into())}))
    }),
    of("many numbers of an enum", 8000, |count| {
        with_schema(&json!({"type": "integer", "enum": list(count, Value::from)}))
    }),
    of("many variants", 400, |count| {
        with_schema(&json!({"oneOf": list(count, |number| object(json!({format!("p{number}"): text()})))}))
    }),
    of("many equal variants", 400, |count| with_schema(&json!({"oneOf": list(count, |_| padded())}))),
    of("many variants by reference", 400, |count| {
        let mut all = schemas(count, |number| object(json!({format!("p{number}"): text(), "kind": text()})));
        let branch = |number: usize| reference(number);
        all.insert(
            "Union".to_owned(),
            json!({"oneOf": list(count, branch), "discriminator": {"propertyName": "kind"}}),
        );
        document(json!({}), json!({"schemas": all}))
    }),
    of("many parts of an allOf", 2000, |count| {
        with_schema(&json!({"allOf": list(count, |number| object(json!({format!("p{number}"): text()})))}))
    }),
    of("many servers", 2000, |count| {
        let mut all = with_operation("/a", json!({}));
        all["servers"] = list(
            count,
            |number| json!({"url": format!("https://a{number}.example/{{v}}"), "variables": {"v": {"default": "b", "enum": ["b", "c"]}}}),
        );
        all
    }),
    of("many variables of a server", 2000, |count| {
        let mut all = with_operation("/a", json!({}));
        let url: String = (0..count).map(|number| format!("/{{v{number}}}")).collect();
        all["servers"] = json!([{"url": format!("https://a.example{url}"), "variables": members(count, "v", |_| json!({"default": "b"}))}]);
        all
    }),
    of("many responses", 100, |count| {
        let responses =
            (0..count).map(|number| (format!("{}", 200 + number % 400), response(number))).collect::<Map<_, _>>();
        with_operation("/a", json!({"responses": responses}))
    }),
    of("many equal failures", 400, |count| failing(count, |_| text())),
    of("many different failures", 400, |count| failing(count, |number| json!({"type": "string", "maxLength": number}))),
    of("many headers", 2000, |count| {
        let headers = members(count, "X-H", |_| json!({"schema": text()}));
        with_operation("/a", json!({"responses": {"200": {"description": "d", "headers": headers}}}))
    }),
    of("many parameters", 1200, |count| with_operation("/a", json!({"parameters": parameters(count)}))),
    of("many equal parameters", 1200, |count| {
        with_operation(
            "/a",
            json!({"parameters": list(count, |_| json!({"name": "p", "in": "query", "schema": text()}))}),
        )
    }),
    of("many parameters of a path item", 400, |count| {
        let item = json!({"parameters": parameters(count), "get": operation(json!({"operationId": "a"})), "post": operation(json!({"operationId": "b"}))});
        document(json!({"/a": item}), json!({}))
    }),
    of("many media types", 100, |count| {
        let content =
            members(count, "application/x-", |number| json!({"schema": object(json!({format!("p{number}"): text()}))}));
        with_operation("/a", json!({"requestBody": {"content": content}}))
    }),
    of("many media types of one schema", 400, |count| {
        let content = members(count, "application/x-", |_| json!({"schema": text()}));
        with_operation(
            "/a",
            json!({"requestBody": {"content": content}, "responses": {"200": {"description": "d", "content": content}}}),
        )
    }),
    of("many examples", 2000, |count| {
        let media = json!({"schema": object(json!({"a": {"type": "integer"}})), "examples": members(count, "e", |_| json!({"value": {"a": "b"}}))});
        with_operation(
            "/a",
            json!({"responses": {"200": {"description": "d", "content": {"application/json": media}}}}),
        )
    }),
    of("many credentials", 400, |count| {
        let schemes =
            members(count, "key", |number| json!({"type": "apiKey", "in": "header", "name": format!("X-{number}")}));
        let mut all = with_operation("/a", json!({}));
        all["components"] = json!({"securitySchemes": schemes});
        all["security"] = list(count, |number| json!({format!("key{number}"): []}));
        all
    }),
    of("many credentials of one requirement", 400, |count| {
        let schemes =
            members(count, "key", |number| json!({"type": "apiKey", "in": "header", "name": format!("X-{number}")}));
        let mut all = with_operation("/a", json!({}));
        all["components"] = json!({"securitySchemes": schemes});
        all["security"] = json!([members(count, "key", |_| json!([]))]);
        all
    }),
    of("many scopes", 2000, |count| {
        let flow = json!({"tokenUrl": "https://a.example/", "scopes": members(count, "s", |_| "d".into())});
        let mut all = with_operation("/a", json!({}));
        all["components"] = json!({"securitySchemes": {"o": {"type": "oauth2", "flows": {"clientCredentials": flow}}}});
        all["security"] = json!([{"o": numbered(count, "s")}]);
        all
    }),
    of("many callbacks", 200, |count| {
        let callback = |number: usize| json!({"{$request.body#/url}": {"post": operation(json!({"operationId": format!("call{number}")}))}});
        with_operation("/a", json!({"callbacks": members(count, "c", callback)}))
    }),
    of("many webhooks", 200, |count| {
        let webhook = |number: usize| json!({"post": operation(json!({"operationId": format!("hook{number}"), "requestBody": content(&object(json!({format!("p{number}"): text()})))}))});
        let mut all = with_operation("/a", json!({}));
        all["openapi"] = "3.1.0".into();
        all["webhooks"] = members(count, "w", webhook);
        all
    }),
    of("many links", 1200, |count| {
        let links = members(count, "l", |_| json!({"operationId": "call"}));
        with_operation("/a", json!({"operationId": "call", "responses": {"200": {"description": "d", "links": links}}}))
    }),
    of("many path items by reference", 400, |count| {
        let mut paths = members(count, "/p", |_| json!({"$ref": "#/paths/~1a"}));
        paths["/a"] = json!({"get": operation(json!({}))});
        document(paths, json!({}))
    }),
    of("many extensions", 4000, |count| {
        let mut all = with_operation("/a", json!({}));
        for number in 0..count {
            all["info"][format!("x-{number}")] = text();
        }
        all
    }),
    of("a long list in an extension", 20_000, |count| {
        let mut all = with_operation("/a", json!({}));
        all["x-list"] = list(count, Value::from);
        all
    }),
    of("many `$defs`", 400, |count| {
        let mut schema =
            object(members(count, "p", |number| json!({"$ref": format!("#/components/schemas/S/$defs/D{number}")})));
        schema["$defs"] =
            members(count, "D", |number| object(json!({format!("q{number}"): {"type": ["string", "null"]}})));
        modern(json!({"S": schema}))
    }),
    of("many types in arrays", 2000, |count| {
        modern(json!({"S": object(members(count, "p", |_| json!({"type": ["string", "integer", "null"]})))}))
    }),
    of("many `const`", 2000, |count| {
        modern(json!({"S": {"oneOf": list(count, |number| json!({"const": number, "title": format!("T{number}")}))}}))
    }),
    of("many conditions", 400, |count| {
        let condition = |number: usize| json!({"if": {"properties": {"a": {"const": number}}}, "then": {"required": [format!("p{number}")]}});
        modern(
            json!({"S": {"type": "object", "properties": members(count, "p", |_| text()), "allOf": list(count, condition)}}),
        )
    }),
    of("many definitions of Swagger 2.0", 1200, |count| {
        let definitions = members(count, "D", |number| {
            object(json!({"next": {"$ref": format!("#/definitions/D{}", (number + 1) % count)}}))
        });
        swagger(members(count, "/p", swagger_operation), definitions)
    }),
    of("many parameters of Swagger 2.0", 1200, |count| {
        let parameters =
            list(count, |number| json!({"name": format!("p{number}"), "in": "formData", "type": "string"}));
        swagger(
            json!({"/a": {"post": {"parameters": parameters, "responses": {"200": {"description": "d"}}}}}),
            json!({}),
        )
    }),
    // Mistakes.
    of("a chain of broken references to parameters", 200, |count| {
        let parameter = |number: usize| json!({"$ref": format!("#/components/parameters/P{}", number + 1)});
        let mut all = with_operation("/a", json!({"parameters": [{"$ref": "#/components/parameters/P0"}]}));
        all["components"] = json!({"parameters": members(count, "P", parameter)});
        all
    }),
    of("many required properties that are numbers", 1000, |count| {
        with_schema(&json!({"type": "object", "required": list(count, Value::from)}))
    }),
    of("many unknown keys", 8000, |count| with_operation("/a", members(count, "key", |_| text()))),
    of("many misspelled keywords", 500, |count| {
        with_schema(&object(members(count, "p", |_| json!({"type": "string", "fromat": "date"}))))
    }),
    of("equal parameters of many operations", 200, |count| {
        let equal = json!({"name": "p", "in": "query", "schema": text()});
        let get = |number: usize| json!({"get": operation(json!({"operationId": format!("a{number}"), "parameters": [equal, equal]}))});
        paths(count, get)
    }),
    of("many paths that differ in a slash", 200, |count| {
        let path = |number: usize| {
            (format!("/p{}{}", number / 2, "/".repeat(number % 2)), json!({"get": operation(json!({}))}))
        };
        document((0..count).map(path).collect::<Map<_, _>>().into(), json!({}))
    }),
    of("many paths without a slash", 4000, |count| {
        document(members(count, "p", |_| json!({"get": operation(json!({}))})), json!({}))
    }),
    of("many paths with a query", 4000, |count| {
        let path = |number: usize| (format!("/p{number}?a=b"), json!({"get": operation(json!({}))}));
        document((0..count).map(path).collect::<Map<_, _>>().into(), json!({}))
    }),
    of("many paths of Azure", 4000, |count| {
        let mut all = document(json!({}), json!({}));
        all["x-ms-paths"] = members(count, "/p", |_| json!({"get": operation(json!({}))}));
        all
    }),
    of("many unknown statuses", 2000, |count| {
        with_operation("/a", json!({"responses": members(count, "p", |_| json!({"description": "d"}))}))
    }),
    of("many required properties of draft 3", 4000, |count| {
        with_schema(&object(members(count, "p", |_| json!({"type": "string", "required": true}))))
    }),
    of("many credentials with illegal names", 4000, |count| {
        let scheme = |number: usize| (format!("a b/{number}"), json!({"type": "http", "scheme": "basic"}));
        let schemes = (0..count).map(scheme).collect::<Map<_, _>>();
        let mut all = document(json!({}), json!({"securitySchemes": schemes}));
        all["security"] = list(count, |number| json!({format!("a b/{number}"): []}));
        all
    }),
    of("many schemas with illegal names", 300, |count| {
        let schema = |number: usize| {
            (format!("a b/{number}"), object(json!({"p": {"$ref": format!("#/components/schemas/a%20b~1{number}")}})))
        };
        document(json!({}), json!({"schemas": (0..count).map(schema).collect::<Map<_, _>>()}))
    }),
    of("many `$anchor`s", 100, |count| {
        let mut schemas = schemas(
            count,
            |number| json!({"$anchor": format!("a{number}"), "type": "object", "properties": {"p": {"$ref": format!("#a{}", (number + 1) % count)}}}),
        );
        schemas.insert("Last".to_owned(), text());
        modern(schemas.into())
    }),
    of("many `$id`s", 100, |count| {
        modern(schemas(count, |number| json!({"$id": format!("https://a.example/{number}"), "type": "object", "properties": {"p": {"$ref": format!("https://a.example/{}", (number + 1) % count)}}})).into())
    }),
    of("many parameters that are null", 4000, |count| {
        with_operation("/a", json!({"parameters": list(count, |_| Value::Null)}))
    }),
    of("many properties that are numbers", 2000, |count| with_schema(&object(members(count, "p", Value::from)))),
    of("many broken references", 1200, |count| {
        with_schema(&object(members(count, "p", |number| json!({"$ref": format!("#/components/schemas/X{number}")}))))
    }),
    of("many broken references in an allOf", 1200, |count| {
        with_schema(&json!({"allOf": list(count, |number| json!({"$ref": format!("#/components/schemas/X{number}")}))}))
    }),
    of("many unknown types", 2000, |count| with_schema(&object(members(count, "p", |_| json!({"type": "strin"}))))),
    of("many misspelled keys", 1200, |count| {
        paths(count, |_| json!({"get": {"operationID": "a", "responces": {"200": {"description": "d"}}}}))
    }),
    of("many responses without a description", 1200, |count| {
        paths(count, |_| json!({"get": {"responses": {"200": {}}}}))
    }),
    of("many operations that are numbers", 600, |count| paths(count, |_| json!({"get": 1}))),
    of("many parameters without `in`", 1200, |count| {
        with_operation("/a", json!({"parameters": list(count, |number| json!({"name": format!("p{number}")}))}))
    }),
    of("many undeclared path parameters", 200, |count| {
        paths(
            count,
            |_| json!({"get": operation(json!({"parameters": [{"name": "x", "in": "path", "required": true, "schema": text()}]}))}),
        )
    }),
    of("many servers that are numbers", 2000, |count| {
        let mut all = with_operation("/a", json!({}));
        all["servers"] = list(count, Value::from);
        all
    }),
    of("many values of an enum of other types", 2000, |count| {
        with_schema(&json!({"type": "string", "enum": list(count, |_| json!({}))}))
    }),
    of("many cycles of allOf", 400, |count| {
        let part = |number: usize| json!({"allOf": [reference((number + 1) % count)]});
        document(json!({}), json!({"schemas": schemas(count, part)}))
    }),
    of("many formats that contradict", 1200, |count| {
        with_schema(&object(members(
            count,
            "p",
            |_| json!({"type": "string", "format": "date-time", "example": "yesterday"}),
        )))
    }),
];

const fn of(name: &'static str, count: usize, document: fn(usize) -> Value) -> Shape {
    Shape { name, count, document }
}

fn text() -> Value {
    json!({"type": "string"})
}

fn object(properties: Value) -> Value {
    json!({"type": "object", "properties": properties})
}

/// Returns an object with some size.
fn padded() -> Value {
    let number = json!({"type": "integer", "description": "A number of 64 bits that is not negative and tells the thing from all others."});
    object(json!({"id": number, "name": {"type": "string", "description": "A name that people see, in any language."}}))
}

fn list(count: usize, item: impl Fn(usize) -> Value) -> Value {
    (0..count).map(item).collect()
}

fn numbered(count: usize, word: &str) -> Value {
    list(count, |number| format!("{word}{number}").into())
}

fn members(count: usize, word: &str, member: impl Fn(usize) -> Value) -> Value {
    (0..count).map(|number| (format!("{word}{number}"), member(number))).collect::<Map<_, _>>().into()
}

fn reference(number: usize) -> Value {
    json!({"$ref": format!("#/components/schemas/S{number}")})
}

/// Returns text with this many letters, in words.
fn words(length: usize) -> String {
    "word-some_More ".chars().cycle().take(length - 1).chain(['x']).collect()
}

/// Returns names that are equal in Rust.
fn alike(number: usize) -> String {
    let signs = ['-', '_', '.'];
    (0..8).fold("a".to_owned(), |name, place| format!("{name}{}", signs[number / 3_usize.pow(place) % 3]))
}

fn nested(count: usize, around: impl Fn(Value) -> Value) -> Value {
    (0..count).fold(json!({}), |inner, _| around(inner))
}

fn schemas(count: usize, schema: impl Fn(usize) -> Value) -> Map<String, Value> {
    (0..count).map(|number| (format!("S{number}"), schema(number))).collect()
}

/// Returns schemas that each refer to the next one.
fn chain(count: usize, link: impl Fn(Value) -> Value) -> Value {
    let mut all = schemas(count, |number| link(reference(number + 1)));
    all.insert(format!("S{count}"), text());
    let mut document = document(json!({}), json!({"schemas": all}));
    document["paths"]["/a"]["post"] =
        operation(json!({"requestBody": content(&reference(0)), "responses": {"200": response_of(&reference(0))}}));
    document
}

fn parameters(count: usize) -> Value {
    list(count, |number| json!({"name": format!("p{number}"), "in": "query", "schema": text()}))
}

fn content(schema: &Value) -> Value {
    json!({"content": {"application/json": {"schema": schema}}})
}

fn response_of(schema: &Value) -> Value {
    let mut response = content(schema);
    response["description"] = "d".into();
    response
}

fn response(number: usize) -> Value {
    response_of(&object(json!({format!("p{number}"): text()})))
}

fn operation(parts: Value) -> Value {
    let mut operation = json!({"responses": {"200": {"description": "d"}}});
    if let (Value::Object(operation), Value::Object(parts)) = (&mut operation, parts) {
        operation.extend(parts);
    }
    operation
}

fn document(paths: Value, components: Value) -> Value {
    let paths = if paths.as_object().is_some_and(Map::is_empty) { json!({"/a": {}}) } else { paths };
    json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths, "components": components})
}

fn paths(count: usize, item: impl Fn(usize) -> Value) -> Value {
    document(members(count, "/p", item), json!({}))
}

/// Returns operations whose failures differ by status, and have an inline body with this property.
fn failing(count: usize, property: impl Fn(usize) -> Value) -> Value {
    paths(count, |number| {
        let body = response_of(&object(json!({"a": property(number)})));
        json!({"get": operation(json!({"responses": {"204": {"description": "d"}, "404": body, "409": response_of(&text())}}))})
    })
}

fn with_operation(path: &str, parts: Value) -> Value {
    document(json!({path: {"post": operation(parts)}}), json!({}))
}

/// Returns a document whose only operation sends and receives a schema.
fn with_schema(schema: &Value) -> Value {
    let parts = json!({"requestBody": content(schema), "responses": {"200": response_of(schema)}});
    document(
        json!({"/a": {"get": operation(json!({"responses": {"200": response_of(schema)}})), "post": operation(parts)}}),
        json!({}),
    )
}

fn modern(schemas: Value) -> Value {
    let mut all = document(json!({}), json!({"schemas": schemas}));
    all["openapi"] = "3.1.0".into();
    all
}

fn swagger(paths: Value, definitions: Value) -> Value {
    json!({"swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": paths, "definitions": definitions})
}

fn swagger_operation(number: usize) -> Value {
    let schema = json!({"$ref": format!("#/definitions/D{number}")});
    let body = json!({"name": "body", "in": "body", "schema": schema});
    json!({"post": {"parameters": [body], "responses": {"200": {"description": "d", "schema": schema}}}})
}
