//! Creates a collection, puts points into it, and searches for points of one country. Server and credentials: `QDRANT_BASE_URL`,
//! `QDRANT_API_KEY`.

use clients::qdrant::{ClientBuilder, types};
use clients::runtime::json_object;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = ClientBuilder::from_env()?.build()?;
    let collection = types::CreateCollection::new().vectors(types::VectorParams::new(4, "Cosine"));
    client
        .collections()
        .create("cities")
        .body(collection)
        .await?;

    let cities = [
        (1, "Berlin", "Germany", [0.05, 0.61, 0.76, 0.74]),
        (2, "Hamburg", "Germany", [0.19, 0.81, 0.75, 0.11]),
        (3, "London", "United Kingdom", [0.36, 0.55, 0.47, 0.94]),
    ];
    let points = cities.map(|(id, city, country, vector)| {
        let payload = json_object!({ "city": city, "country": country });
        types::PointStruct::new(id, vector.to_vec()).payload(payload)
    });
    client
        .points()
        .upsert("cities", types::PointsList::new(points))
        .wait(true)
        .await?;

    let germany = types::FieldCondition::new("country").match_(types::MatchValue::new("Germany"));
    let query = types::QueryRequest::new()
        .query(vec![0.2, 0.1, 0.9, 0.7])
        .filter(types::Filter::new().must(germany))
        .with_payload(true)
        .limit(3);
    let found = client.search().query_points("cities").body(query).await?;
    for point in &found.result.as_ref().ok_or("there is no result")?.points {
        println!("{:.3} {:?}", point.score, point.payload);
    }
    Ok(())
}
