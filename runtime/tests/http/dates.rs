//! Dates, times, durations and tuples as parameters.

use crate::support::record;
use clientwright_runtime::codegen::Operation;
use clientwright_runtime::{Date, Duration, Style, Time};

const AT_PATH: Operation = Operation::get("atPath", "/p/{color}/end");
const AT_QUERY: Operation = Operation::get("atQuery", "/q");

#[tokio::test]
async fn dates_and_tuples_are_sent_as_they_are_written() {
    let (day, start, pause): (Date, Time, Duration) =
        ("2024-05-01".parse().unwrap(), "08:00:00+02:00".parse().unwrap(), Duration::from_text("1h 30m"));
    let pairs = [(day.clone(), 1_i64)];
    let sent = record(|client| {
        let request = client.request(&AT_QUERY).query("day", &day).query("pause", &pause).query("pair", &(1_i64, "a"));
        request.query_styled("list", Style::Form { explode: false }, std::slice::from_ref(&day)).query("pairs", &pairs)
    });
    let expected = "/q?day=2024-05-01&pause=1h%2030m&pair=1&pair=a&list=2024-05-01&pairs=%5B%222024-05-01%22%2C1%5D";
    assert_eq!(sent.await.target(), expected);
    let sent = record(|client| client.request(&AT_PATH).path("color", &start).header("X-Start", &start)).await;
    assert_eq!((sent.target(), sent.header("x-start")), ("/p/08%3A00%3A00%2B02%3A00/end", Some("08:00:00+02:00")));
}
