MERGE INTO api_calls AS kept
USING (
    SELECT $advisor_id AS advisor_id, unnest($businesses::VARCHAR[]) AS business_id,
        unnest($months::DATE[]) AS month, unnest($kinds::VARCHAR[]) AS kind, unnest($calls::BIGINT[]) AS calls
) AS made
ON kept.advisor_id = made.advisor_id AND kept.business_id = made.business_id AND kept.month = made.month
    AND kept.kind = made.kind
WHEN MATCHED THEN UPDATE SET calls = kept.calls + made.calls
WHEN NOT MATCHED THEN INSERT VALUES (made.advisor_id, made.business_id, made.month, made.kind, made.calls)
