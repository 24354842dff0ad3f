//! The messages of servers: error bodies in the forms of frameworks and vendors, and the message of each.

use crate::support::Recorder;
use clientwright_runtime::codegen::{Operation, decode};
use clientwright_runtime::{Call, Error};

const GET: Operation = Operation::get("getThing", "/things/1").accept("application/json");

async fn failure(body: &str) -> Error {
    let recorder = Recorder::answering(&[&format!("422 Unprocessable Entity\n\n{body}")]);
    let call: Call<i64> = Call::new(recorder.client(&[]).request(&GET), decode::json, decode::undocumented);
    call.await.unwrap_err()
}

/// Checks the message of each body; an empty text means no message.
async fn assert_told(table: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (body, expected) in table {
        let error = failure(body).await;
        let message = error.message().unwrap_or_default();
        if message != *expected {
            wrong.push(format!("{body}\n  told:     {message}\n  expected: {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn one_message() {
    assert_told(&[
        (r#"{"message": "m"}"#, "m"),
        (r#"{"message": 5, "msg": " m "}"#, "m"),
        (r#"{"message": "", "msg": "m"}"#, "m"),
        (r#"{"error": "plain"}"#, "plain"),
        (r#"{"Message": "No such queue"}"#, "No such queue"),
        (r#"{"Error": {"Message": "Access denied", "Code": "AccessDenied"}}"#, "Access denied"),
        (
            r#"{"error": {"message": "No such plan: x", "type": "invalid_request_error", "code": "resource_missing"}}"#,
            "No such plan: x",
        ),
        (r#"{"__type": "com.vendor#ValidationException", "message": "Not a table"}"#, "Not a table"),
        (r#"{"errorMessage": "User exists with same name"}"#, "User exists with same name"),
        (
            r#"{"errorCode": "E0001", "errorSummary": "Validation failed: login", "errorCauses": []}"#,
            "Validation failed: login",
        ),
        (r#"{"exception_message": "Invalid request received."}"#, "Invalid request received."),
        (r#"{"ok": false, "error_code": 400, "description": "chat not found"}"#, "chat not found"),
        (r#"{"code": -1121, "msg": "Invalid symbol."}"#, "Invalid symbol."),
        (r#"{"resultCode": "99", "txn": "1", "n": 5, "resultMessage": "Declined by bank"}"#, "Declined by bank"),
        (
            r#"{"error": {"code": 400, "name": "Bad Request", "brief": "parse http data failed"}}"#,
            "parse http data failed",
        ),
        (
            r#"{"success": false, "error": {"code": 101, "type": "missing_key", "info": "No API key was given."}}"#,
            "No API key was given.",
        ),
        (
            r#"{"title": "Not Found", "code": "404 Not Found", "explanation": "The image has gone."}"#,
            "The image has gone.",
        ),
        (r#""just text""#, "just text"),
        ("plain text\n", "plain text"),
        (r#"{"message": "<name> must not be <null>"}"#, "<name> must not be <null>"),
        (r#"{"message": "参数错误", "detail": "名称不能为空"}"#, "参数错误: 名称不能为空"),
        ("\u{feff}{\"message\": \"marked\"}", "marked"),
        (r#"["first", "second"]"#, "first; second"),
    ])
    .await;
}

#[tokio::test]
async fn a_message_in_wrappers() {
    assert_told(&[
        (r#"{"fault": {"faultstring": "Failed to resolve API Key", "detail": {"errorcode": "oauth.v2.Failed"}}}"#, "Failed to resolve API Key"),
        (r#"{"status": "error", "data": {"message": "boo"}}"#, "boo"),
        (r#"{"status": {"error_code": 1008, "error_message": "limit reached", "timestamp": "2026-01-01"}}"#, "limit reached"),
        (r#"{"status": {"error": "Not found: Collection `x` doesn't exist!"}, "time": 0.0001}"#, "Not found: Collection `x` doesn't exist!"),
        (r#"{"result": {"errors": [{"message": "no such zone"}]}}"#, "no such zone"),
        (r#"{"itemNotFound": {"code": 404, "message": "Instance x could not be found."}}"#, "Instance x could not be found."),
        (r#"{"ErrorResponse": {"Error": {"Type": "Sender", "Code": "Throttled", "Message": "Rate exceeded"}, "RequestId": "7"}}"#, "Rate exceeded"),
        (r#"{"error": {"code": "0050", "message": {"lang": "en", "value": "No resource 'x'."}}}"#, "No resource 'x'."),
        (r#"{"odata.error": {"code": "", "message": {"lang": "en-US", "value": "No property 'x'."}}}"#, "No property 'x'."),
        (r#"{"message": {"de": "Nicht da", "en": "Not there"}}"#, "Not there"),
        (r#"{"ResponseStatus": {"ErrorCode": "NotEmpty", "Message": "'Name' is empty", "StackTrace": "at A.B()"}}"#, "'Name' is empty"),
        (r#"{"detail": {"message": "m", "code": 7}}"#, "m"),
        (r#"{"detail": {"reason": "The pet is asleep", "pet": 7, "owner": 8}}"#, "The pet is asleep"),
        (r#"{"errors": {"detail": "Nothing here"}}"#, "Nothing here"),
        (r#"{"errors": "[API] Invalid key"}"#, "[API] Invalid key"),
        (r#"{"Elements": [{"ValidationErrors": [{"Message": "No such contact"}]}], "ErrorNumber": 10, "Message": "A validation exception occurred"}"#, "A validation exception occurred: No such contact"),
        (r#"{"errorMessage": "{\"error\": {\"message\": \"The queue is full\"}}", "errorType": "Error"}"#, "The queue is full"),
    ])
    .await;
}

#[tokio::test]
async fn what_happened_and_what_exactly() {
    assert_told(&[
        (r#"{"error": {"message": "No Record found", "detail": "The record does not exist."}, "status": "failure"}"#, "No Record found: The record does not exist."),
        (r#"{"title": "Missing parameter", "description": "The \"n\" parameter is required."}"#, "Missing parameter: The \"n\" parameter is required."),
        (r#"{"type": "about:blank", "title": "Conflict", "status": 409, "detail": "the name is taken"}"#, "the name is taken"),
        (r#"{"title": "You are out of credit.", "detail": "Your balance is 30.", "instance": "/account/1"}"#, "You are out of credit. Your balance is 30."),
        (r#"{"error": "invalid_grant", "error_description": "the code has expired"}"#, "the code has expired"),
        (r#"{"error": "not_found", "reason": "missing"}"#, "missing"),
        (r#"{"message": "Request failed", "error": {"message": "The name is taken", "code": 5}}"#, "Request failed: The name is taken"),
        (r#"{"Message": "An error has occurred.", "ExceptionMessage": "No row 7.", "ExceptionType": "A.B", "StackTrace": "  at A.C()"}"#, "An error has occurred. No row 7."),
        (r#"{"Fault": {"Error": [{"Message": "Invalid Id", "Detail": "Invalid Id : no element 9", "code": "2500"}], "type": "x"}}"#, "Invalid Id : no element 9"),
        (r#"{"message": "permission denied for table pets", "details": null, "hint": "Grant the role first.", "code": "42501"}"#, "permission denied for table pets: Grant the role first."),
        (
            r#"{"error": {"root_cause": [{"type": "x", "reason": "no such index [a]"}], "type": "x", "reason": "no such index [a]", "index": "a"}, "status": 404}"#,
            "no such index [a]",
        ),
        (
            r#"{"error": {"reason": "unknown query [x]", "type": "x", "caused_by": {"type": "y", "reason": "[1:10] no field [x]"}}}"#,
            "unknown query [x]: [1:10] no field [x]",
        ),
        (
            r#"{"error": {"code": 404, "message": "Not Found", "errors": [{"reason": "notFound", "message": "Not Found"}]}}"#,
            "Not Found",
        ),
        (r#"{"timestamp": "2026-01-01T00:00:00Z", "status": 404, "error": "Not Found", "path": "/pets"}"#, "Not Found"),
        (r#"{"statusCode": 401, "message": "Unauthorized", "error": "invalid_token"}"#, "invalid_token"),
    ])
    .await;
}

#[tokio::test]
async fn lists_of_details() {
    assert_told(&[
        (
            r#"{"detail": [{"loc": ["body", "tags", 0], "msg": "too long", "type": "x", "input": "secret"}, {"loc": ["query"], "msg": "no"}]}"#,
            "body.tags.0: too long; query: no",
        ),
        (
            r#"{"exception_message": "Invalid request received.", "exception_detail": [{"type": "v", "loc": ["body", "name"], "msg": "a bad character"}], "request_body": {"name": "x y", "message": "echo"}}"#,
            "Invalid request received. body.name: a bad character",
        ),
        (
            r#"{"status": 400, "error": "Bad Request", "trace": "a.B\n\tat c", "message": "Validation failed", "errors": [{"arguments": [{"defaultMessage": "name"}], "defaultMessage": "must not be blank", "objectName": "pet", "field": "name", "rejectedValue": ""}], "path": "/pets"}"#,
            "Validation failed: name: must not be blank",
        ),
        (
            r#"{"statusCode": 400, "message": ["a must be a string", "b is required"], "error": "Bad Request"}"#,
            "a must be a string; b is required",
        ),
        (r#"{"errors": [{"message": "first"}, {"message": "second"}]}"#, "first; second"),
        (
            r#"{"error": {"statusCode": 422, "message": "The body is invalid. See `details`.", "details": [{"path": "/name", "code": "maxLength", "message": "too long", "info": {"limit": 3}}]}}"#,
            "The body is invalid. See `details`. /name: too long",
        ),
        (
            r#"{"title": "Unprocessable Entity", "status": 422, "detail": "validation failed", "errors": [{"message": "expected string", "location": "body.name", "value": 1}]}"#,
            "validation failed: body.name: expected string",
        ),
        (
            r#"{"status_code": 400, "detail": "Validation failed for POST /", "extra": [{"message": "Expected `str`", "key": "name", "source": "body"}]}"#,
            "Validation failed for POST /: name: Expected `str`",
        ),
        (
            r#"{"defined": false, "code": "BAD_REQUEST", "message": "Input validation failed", "data": {"issues": [{"path": ["name"], "message": "Required"}]}}"#,
            "Input validation failed: name: Required",
        ),
        (
            r#"{"name": "ValidationError", "message": "Parameters validation error!", "data": [{"type": "required", "message": "'name' is required.", "field": "name", "nodeID": "n1"}]}"#,
            "Parameters validation error! name: 'name' is required.",
        ),
        (
            r#"{"error": {"code": 400, "message": "Bad value", "status": "INVALID_ARGUMENT", "details": [{"@type": "x/BadRequest", "fieldViolations": [{"field": "name", "description": "too long"}]}, {"@type": "x/Help", "links": [{"description": "Docs", "url": "http://x"}]}, {"@type": "x/ErrorInfo", "reason": "API_DISABLED"}]}}"#,
            "Bad value: name: too long",
        ),
    ])
    .await;
}

#[tokio::test]
async fn details_in_wrappers_and_with_places_of_their_own() {
    assert_told(&[
        (
            r#"{"data": null, "error": {"status": 400, "name": "ValidationError", "message": "2 errors", "details": {"errors": [{"path": ["name"], "message": "must be set", "name": "ValidationError"}]}}}"#,
            "2 errors: name: must be set",
        ),
        (r#"{"message": "Bad Request", "_embedded": {"errors": [{"message": "page: must be positive"}]}, "_links": {}}"#, "page: must be positive"),
        (
            r#"{"errors": [{"id": "1", "status": "422", "source": {"pointer": "/data/attributes/name"}, "title": "Invalid attribute", "detail": "Name is short."}]}"#,
            "/data/attributes/name: Invalid attribute: Name is short.",
        ),
        (
            r#"{"@type": "ConstraintViolationList", "hydra:title": "An error occurred", "hydra:description": "name: is blank", "violations": [{"propertyPath": "name", "message": "is blank"}, {"propertyPath": "age", "message": "is low"}]}"#,
            "An error occurred: name: is blank; age: is low",
        ),
        (
            r#"{"type": "https://x/validation", "title": "Your request is not valid.", "invalid-params": [{"name": "age", "reason": "must be positive"}]}"#,
            "Your request is not valid. age: must be positive",
        ),
        (r#"{"success": false, "error": {"issues": [{"code": "x", "path": ["tags", 0], "message": "Required"}], "name": "ZodError"}}"#, "tags.0: Required"),
        (r#"{"success": false, "error": {"name": "ZodError", "message": "[{\"path\": [\"name\"], \"message\": \"Invalid input\"}]"}}"#, "name: Invalid input"),
        (r#"{"name": "ZodError", "issues": [{"path": ["name"], "message": "Required"}]}"#, "name: Required"),
        (r#"[{"instancePath": "/name", "schemaPath": "name/type", "keyword": "type", "message": "must be string"}]"#, "/name: must be string"),
        (r#"{"message": "Validation Failed", "errors": [{"resource": "Issue", "field": "title", "code": "missing_field"}], "documentation_url": "https://x"}"#, "Validation Failed: title: missing_field"),
        (r#"{"name": "UNPROCESSABLE", "message": "Not possible.", "details": [{"field": "/amount", "value": "x", "issue": "CURRENCY", "description": "No such currency."}]}"#, "Not possible. /amount: No such currency."),
        (r#"{"errors": [{"message": "Cannot query", "locations": [{"line": 1, "column": 3}], "path": ["pet", 0, "name"], "extensions": {"code": "X"}}], "data": null}"#, "pet.0.name: Cannot query"),
        (r#"{"kind": "Status", "status": "Failure", "message": "Pod \"x\" is invalid: metadata.name: Required value", "reason": "Invalid", "details": {"name": "x", "causes": [{"reason": "FieldValueRequired", "message": "Required value", "field": "metadata.name"}]}, "code": 422}"#, "Pod \"x\" is invalid: metadata.name: Required value"),
        (r#"{"errors": [{"field": "items", "message": "is invalid", "errors": [{"field": "qty", "message": "too low"}, {"field": "items.id", "message": "unknown"}]}]}"#, "items: is invalid; items.qty: too low; items.id: unknown"),
        (r#"{"parameterViolations": [{"path": "create.name", "message": "must not be blank", "value": ""}], "classViolations": []}"#, "create.name: must not be blank"),
        (
            r#"{"id": "5-6-7", "name": "BadDataError", "message": "The request is invalid. See the `details` list.", "details": [{"message": "`name` must be a string", "path": "/name"}]}"#,
            "The request is invalid. See the `details` list. /name: `name` must be a string",
        ),
        (r#"{"issues": [{"kind": "schema", "path": [{"type": "object", "key": "name", "value": 1}], "message": "Invalid type"}]}"#, "name: Invalid type"),
        (r#"{"errors": [{"name": "is required"}, {"age": "must be positive"}]}"#, "0.name: is required; 1.age: must be positive"),
    ])
    .await;
}

#[tokio::test]
async fn messages_by_field() {
    assert_told(&[
        (r#"{"age": ["no number"], "name": ["must not be empty", "must be short"]}"#, "age: no number; name: must not be empty; must be short"),
        (r#"{"description": ["This field may not be blank."], "price": ["A valid number is required."]}"#, "description: This field may not be blank.; price: A valid number is required."),
        (r#"{"status": ["Select a valid choice."]}"#, "status: Select a valid choice."),
        (r#"{"data": ["a", "b"]}"#, ""),
        (r#"{"non_field_errors": ["Passwords differ."], "name": ["Taken."]}"#, "Passwords differ.; name: Taken."),
        (r#"{"author": {"name": ["blank"]}, "items": [{}, {"qty": ["bad"]}]}"#, "author.name: blank; items.1.qty: bad"),
        (r#"[{"name": ["blank"]}, {}]"#, "0.name: blank"),
        (r#"{"items": {"0": ["bad"]}}"#, "items.0: bad"),
        (r#"{"title": "Not valid.", "status": 400, "errors": {"Name": ["The name is required."], "$.age": ["No number."]}, "traceId": "7"}"#, "Not valid. Name: The name is required.; $.age: No number."),
        (r#"{"message": "The given data was invalid.", "errors": {"title": ["The title is required."], "price": ["The price must be a number."]}}"#, "The given data was invalid. title: The title is required.; price: The price must be a number."),
        (r#"{"email": "must be valid", "name": "can't be blank"}"#, "email: must be valid; name: can't be blank"),
        (r#"{"errors": {"name": ["can't be blank"], "code": ["taken"]}}"#, "name: can't be blank; code: taken"),
        (r#"{"errors": {"message": ["is too short"], "details": ["is too long"]}}"#, "message: is too short; details: is too long"),
        (
            r#"{"errors": {"date": ["is invalid"], "type": "must be one of a, b"}}"#,
            "date: is invalid; type: must be one of a, b",
        ),
        (r#"{"errors": {"order": "Required parameter missing"}}"#, "order: Required parameter missing"),
        (r#"{"errorMessages": [], "errors": {"summary": "Field 'summary' is required"}}"#, "summary: Field 'summary' is required"),
        (r#"{"errorMessages": ["No project.", "No type."], "errors": {}}"#, "No project.; No type."),
        (r#"{"errors": {"n": "Must be 1..10", "id": "'id' is a required property"}, "message": "Input payload validation failed"}"#, "Input payload validation failed: n: Must be 1..10; id: 'id' is a required property"),
        (r#"{"code": 422, "status": "Unprocessable Entity", "errors": {"query": {"kind": ["Must be one of: a, b."]}}}"#, "query.kind: Must be one of: a, b."),
        (r#"{"message": "Validation error", "detail": {"json": {"title": ["Too long."], "tags": {"0": ["Bad."]}}}}"#, "Validation error: json.title: Too long.; json.tags.0: Bad."),
        (r#"{"Message": "The request is invalid.", "ModelState": {"pet.Name": ["The Name field is required."]}}"#, "The request is invalid. pet.Name: The Name field is required."),
        (r#"{"detail": "Validation error", "validation_errors": {"title": ["No more than 50 characters."]}}"#, "Validation error: title: No more than 50 characters."),
        (r#"{"code": 400, "message": "Validation Failed", "errors": {"errors": ["Too old."], "children": {"name": {"errors": ["blank"]}, "price": {}}}}"#, "Validation Failed: Too old.; name: blank"),
        (r#"{"code": 50035, "message": "Invalid Form Body", "errors": {"embeds": {"0": {"title": {"_errors": [{"code": "X", "message": "Too long."}]}}}}}"#, "Invalid Form Body: embeds.0.title: Too long."),
        (r#"{"error": "RecordInvalid", "description": "Record validation errors", "details": {"value": [{"type": "blank", "description": "can't be blank"}]}}"#, "Record validation errors: value: can't be blank"),
        (r#"{"errors": {"name": {"name": "ValidatorError", "message": "Path `name` is required.", "kind": "required", "path": "name", "value": "echo this"}}, "_message": "Pet validation failed"}"#, "Pet validation failed: name: Path `name` is required."),
        (r#"{"errors": {"name": {"type": "field", "value": "echo this", "msg": "Invalid value", "path": "name", "location": "body"}}}"#, "name: Invalid value"),
        (
            r#"{"errors": {"0": {"propertyName": "Name", "errorMessage": "'Name' is empty.", "attemptedValue": "echo this", "errorCode": "NotEmpty"}}}"#,
            "0: 'Name' is empty.",
        ),
        (r#"{"errors": {"name": {"rule": "max length", "rejectedValue": "echo this"}}}"#, "name.rule: max length"),
        (
            r#"{"errors": {"name": {"reason": "too long", "value": "echo this"}, "age": {"code": "too_low", "min": 1}, "kind": {"code": "taken"}}}"#,
            "name: too long; age: too_low; kind: taken",
        ),
        (r#"{"error": {"email": "has been taken", "name": "is too short"}}"#, "email: has been taken; name: is too short"),
        (r#"{"formErrors": ["Too much."], "fieldErrors": {"name": ["Required"]}}"#, "Too much.; name: Required"),
        (r#"{"statusCode": 400, "error": "Bad Request", "message": "Validation failed", "validation": {"body": {"source": "body", "keys": ["name"], "message": "\"name\" is required"}}}"#, "Validation failed"),
    ])
    .await;
}

#[tokio::test]
async fn what_is_no_message_is_not_told() {
    assert_told(&[
        ("", ""),
        ("{}", ""),
        ("[]", ""),
        ("null", ""),
        ("5", ""),
        ("{\"message\"", ""),
        ("<html>", ""),
        (r#"{"errors": []}"#, ""),
        (r#"{"errors": {}, "message": null, "detail": [[], {}]}"#, ""),
        (r#"{"message": "<html><body>Bad gateway</body></html>"}"#, ""),
        (r#"{"message": "https://example.com/docs/errors", "error": "https://example.com"}"#, ""),
        (r#"{"message": "[1, 2]", "detail": {"kind": "pets", "name": "x"}}"#, ""),
        // Resources.
        (r#"{"id": 7, "title": "The Art of Pets", "description": "A long book", "status": "sold", "code": "DE"}"#, ""),
        (r#"{"name": "Rex", "description": "A lovely dog", "price": 5, "tags": ["a", "b"]}"#, ""),
        (r#"{"data": {"id": 7, "title": "The Art of Pets", "info": "A long book"}}"#, ""),
        (r#"{"data": [{"name": "Rex", "description": "A lovely dog"}], "meta": {"total": 1}}"#, ""),
        (r#"{"message": "Already there", "data": {"name": "Rex", "message": "Hello world"}}"#, "Already there"),
        (r#"{"user": {"name": "A B", "bio": "likes long walks"}, "items": [{"id": 1, "title": "x y"}]}"#, ""),
        (r#"{"status": "fail", "result": "nothing done", "data": "some text"}"#, ""),
        (r#"{"fields": {"summary": "My first issue", "note": "a b"}, "key": "A-1"}"#, ""),
        // The surroundings of a message.
        (
            r#"{"error": {"message": "boo", "stack": "Error: boo\n    at f (x.js:1:1)", "request": {"message": "echo"}, "requestId": "r-1", "timestamp": "2026-01-01 10:00", "help": "https://x"}}"#,
            "boo",
        ),
        (r#"{"message": "Error: no pet\n    at f (x.js:1:1)\n    at g (y.js:2:2)"}"#, "Error: no pet"),
        ("System.Exception: no pet\r\n   at A.B() in C.cs:line 7\r\n", "System.Exception: no pet"),
        (r#"{"errors": {"message": "boo", "trace": "a b", "id": "5-6-7", "code": "E5"}}"#, "boo"),
        (r#"{"errors": {"name": "is taken", "id": "5-6-7", "url": "http://x", "timestamp": "2026-01-01T00:00:00Z"}}"#, "name: is taken"),
        (r#"{"errors": [{"id": "5-6-7", "code": 5}, {"field": "x", "rule": "required"}]}"#, ""),
        (r#"{"detail": [{"loc": ["body"], "msg": "bad", "input": {"message": "echo"}, "ctx": {"error": "echo"}, "url": "https://x"}]}"#, "body: bad"),
    ])
    .await;
}

#[tokio::test]
async fn a_code_is_told_only_for_want_of_a_message() {
    assert_told(&[
        (r#"{"ok": false, "error": "invalid_auth"}"#, "invalid_auth"),
        (
            r#"{"ok": false, "error": "invalid_arguments", "response_metadata": {"messages": ["[ERROR] no `channel`"]}}"#,
            "[ERROR] no `channel`",
        ),
        (r#"{"code": "rate_limited"}"#, "rate_limited"),
        (r#"{"error": {"code": "NOT_FOUND", "status": 404}}"#, "NOT_FOUND"),
        (r#"{"error": {"code": "0050"}}"#, ""),
        (r#"{"error": {"code": "X1", "type": "t"}, "detail": "d", "title": "x"}"#, "d"),
        (
            r#"{"code": "E_VALIDATION", "error": "E_VALIDATION", "errors": [{"field": "a", "message": "bad"}]}"#,
            "a: bad",
        ),
        (r#"{"message": "NOT_FOUND", "description": "The pet has gone."}"#, "The pet has gone."),
    ])
    .await;
}

#[tokio::test]
async fn hostile_bodies_are_bounded() {
    let deep = format!("{}{{\"message\": \"deep\"}}{}", "{\"error\": ".repeat(100), "}".repeat(100));
    let deep_fields = format!("{{\"errors\": {}[\"deep\"]{}}}", "{\"a\": ".repeat(100), "}".repeat(100));
    let arrays = "[".repeat(60_000);
    let keys: String = (0..4000).map(|index| format!("\"k{index}\": [[]], ")).collect();
    let keys = format!("{{{keys} \"message\": \"found\"}}");
    let messages = format!("{{{} \"msg\": \"m\"}}", "\"error\": {\"message\": \"m m\"}, ".repeat(1500));
    let place = format!("{{\"errors\": {{\"{}\": [\"bad\"]}}}}", "p".repeat(50_000));
    let strings = "[".repeat(10) + &"\\\"[".repeat(10) + "\"";
    for (body, expected) in [
        (deep.as_str(), None),
        (&deep_fields, None),
        (&arrays, None),
        (&keys, Some("found")),
        (&messages, Some("m m")),
        (&place, Some("bad")),
        (&strings, None),
    ] {
        let error = failure(body).await;
        assert_eq!(error.message(), expected, "{}", &body[..60]);
    }

    let many: String = (0..3000).map(|index| format!("\"f{index}\": [\"bad {index}\"], ")).collect();
    let message = failure(&format!("{{\"errors\": {{{many} \"last\": [\"x\"]}}}}")).await.message().unwrap().to_owned();
    assert!(message.starts_with("f0: bad 0; f1: bad 1; ") && message.ends_with("; f19: bad 19"), "{message}");

    let error = failure(r#"{"errors": {"a\u001b[2J\r\n": ["b\u202ec\u0007"]}}"#).await;
    let shown = error.to_string();
    assert!(shown.ends_with(r"a\u{1b}[2J\r\n: b\u{202e}c\u{7}"), "{shown}");
}
