"""What pages share: the page frame, navigation, tables, charts, cards, states, forms and labels."""
