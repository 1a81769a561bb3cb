"""What pages share: tables, charts, cards, states, forms, header and wording."""
