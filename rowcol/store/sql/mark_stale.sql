MERGE INTO webhook_marks AS stored
USING (
    SELECT $advisor_id AS advisor_id, unnest($businesses::VARCHAR[]) AS business_id, unnest($entities::VARCHAR[]) AS entity
) AS came
ON stored.advisor_id = came.advisor_id AND stored.business_id = came.business_id AND stored.entity = came.entity
WHEN MATCHED THEN UPDATE SET marked_at = greatest(stored.marked_at, $at::TIMESTAMP)
WHEN NOT MATCHED THEN INSERT VALUES (came.advisor_id, came.business_id, came.entity, $at::TIMESTAMP, NULL)
