MERGE INTO entity_freshness AS kept
USING (
    SELECT $advisor_id AS advisor_id, $business_id AS business_id, unnest($entities::VARCHAR[]) AS entity
) AS moved
ON kept.advisor_id = moved.advisor_id AND kept.business_id = moved.business_id AND kept.entity = moved.entity
WHEN MATCHED THEN UPDATE SET
    refreshed_at = $refreshed_at::TIMESTAMP,
    read_through = greatest(kept.read_through, $through::TIMESTAMP)
WHEN NOT MATCHED THEN INSERT VALUES
    (moved.advisor_id, moved.business_id, moved.entity, $refreshed_at::TIMESTAMP, $through::TIMESTAMP)
