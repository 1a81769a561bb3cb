MERGE INTO api_calls AS stored
USING (
    SELECT $advisor_id AS advisor_id, unnest($businesses::VARCHAR[]) AS business_id,
        unnest($months::DATE[]) AS month, unnest($kinds::VARCHAR[]) AS kind, unnest($calls::BIGINT[]) AS calls
) AS made
ON stored.advisor_id = made.advisor_id AND stored.business_id = made.business_id AND stored.month = made.month
    AND stored.kind = made.kind
WHEN MATCHED THEN UPDATE SET calls = stored.calls + made.calls
WHEN NOT MATCHED THEN INSERT VALUES (made.advisor_id, made.business_id, made.month, made.kind, made.calls)
