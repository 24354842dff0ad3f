//! Makes a collection, puts points into it, and searches those of one country. Server and credentials: `QDRANT_URL`, `QDRANT_API_KEY`.

use std::env;
use std::error::Error;

use clients::qdrant::types::{
    CreateCollection, Distance, FieldCondition, Filter, FilterMust, Match, MatchValue, PointStruct,
    PointsList, QueryInterface, QueryRequest, VectorParams, WithPayloadInterface,
};
use clients::qdrant::{Auth, Client};
use clients::runtime::JsonObject;
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::builder(&env::var("QDRANT_URL")?)
        .auth(Auth::api_key(env::var("QDRANT_API_KEY")?))
        .build()?;
    let collection = CreateCollection::new().vectors(VectorParams::new(4, Distance::Cosine));
    client
        .collections()
        .create_collection("cities")
        .body(collection)
        .await?;

    let cities = [
        (1, "Berlin", "Germany", [0.05, 0.61, 0.76, 0.74]),
        (2, "Hamburg", "Germany", [0.19, 0.81, 0.75, 0.11]),
        (3, "London", "United Kingdom", [0.36, 0.55, 0.47, 0.94]),
    ];
    let mut points = Vec::new();
    for (id, city, country, vector) in cities {
        let payload: JsonObject =
            serde_json::from_value(json!({ "city": city, "country": country }))?;
        points.push(PointStruct::new(id, vector.to_vec()).payload(payload));
    }
    let points = PointsList::new(points).into();
    client
        .points()
        .upsert_points("cities")
        .wait(true)
        .body(points)
        .await?;

    let germany = FieldCondition::new("country").match_(Match::from(MatchValue::new("Germany")));
    let query = QueryRequest::new()
        .query(QueryInterface::from(vec![0.2, 0.1, 0.9, 0.7]))
        .filter(Filter::new().must(FilterMust::from(germany)))
        .with_payload(WithPayloadInterface::from(true))
        .limit(3);
    let found = client
        .search()
        .query_points("cities")
        .body(query)
        .await?
        .into_inner();
    for point in found.result.ok_or("there is no result")?.points {
        println!("{:.3} {:?}", point.score, point.payload);
    }
    Ok(())
}
