//! The same as `verify/programs/search.rs`, with qdrant-client.

use qdrant_client::qdrant::{
    Condition, CreateCollectionBuilder, Distance, Filter, PointStruct, QueryPointsBuilder,
    UpsertPointsBuilder, VectorParamsBuilder,
};
use qdrant_client::{Payload, Qdrant};
use serde_json::json;
use std::env;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Qdrant::from_url(&env::var("QDRANT_URL")?)
        .api_key(env::var("QDRANT_API_KEY")?)
        .build()?;
    let collection = CreateCollectionBuilder::new("cities")
        .vectors_config(VectorParamsBuilder::new(4, Distance::Cosine));
    client.create_collection(collection).await?;

    let cities = [
        (1, "Berlin", "Germany", [0.05, 0.61, 0.76, 0.74]),
        (2, "Hamburg", "Germany", [0.19, 0.81, 0.75, 0.11]),
        (3, "London", "United Kingdom", [0.36, 0.55, 0.47, 0.94]),
    ];
    let mut points = Vec::new();
    for (id, city, country, vector) in cities {
        let payload = Payload::try_from(json!({ "city": city, "country": country }))?;
        points.push(PointStruct::new(id, vector.to_vec(), payload));
    }
    client
        .upsert_points(UpsertPointsBuilder::new("cities", points).wait(true))
        .await?;

    let query = QueryPointsBuilder::new("cities")
        .query(vec![0.2, 0.1, 0.9, 0.7])
        .filter(Filter::must([Condition::matches(
            "country",
            "Germany".to_owned(),
        )]))
        .with_payload(true)
        .limit(3);
    for point in client.query(query).await?.result {
        println!("{:.3} {:?}", point.score, point.payload);
    }
    Ok(())
}
