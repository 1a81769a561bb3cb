MERGE INTO entity_freshness AS stored
USING (
    SELECT $advisor_id AS advisor_id, $business_id AS business_id, unnest($entities::VARCHAR[]) AS entity
) AS moved
ON stored.advisor_id = moved.advisor_id AND stored.business_id = moved.business_id AND stored.entity = moved.entity
WHEN MATCHED THEN UPDATE SET
    refreshed_at = $refreshed_at::TIMESTAMP,
    read_through = greatest(stored.read_through, $through::TIMESTAMP)
WHEN NOT MATCHED THEN INSERT VALUES
    (moved.advisor_id, moved.business_id, moved.entity, $refreshed_at::TIMESTAMP, $through::TIMESTAMP)
