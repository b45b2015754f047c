"""The past in columns: a copy of people and of what they did, which audiences are counted over; made anew when lost."""
