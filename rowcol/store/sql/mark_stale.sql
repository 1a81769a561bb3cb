MERGE INTO webhook_marks AS kept
USING (
    SELECT $advisor_id AS advisor_id, unnest($businesses::VARCHAR[]) AS business_id, unnest($entities::VARCHAR[]) AS entity
) AS came
ON kept.advisor_id = came.advisor_id AND kept.business_id = came.business_id AND kept.entity = came.entity
WHEN MATCHED THEN UPDATE SET marked_at = greatest(kept.marked_at, $at::TIMESTAMP)
WHEN NOT MATCHED THEN INSERT VALUES (came.advisor_id, came.business_id, came.entity, $at::TIMESTAMP, NULL)
