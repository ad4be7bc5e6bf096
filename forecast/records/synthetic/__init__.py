"""An invented county: true rates, the children who live by them, and the records that a council would file.

    rates -> children, one by one -> requests, plans, placements -> a SEN2 return a census
                                  -> the truth: the counts that a reader of those returns must find

Nothing here is taken from a real child, school or postcode, and nothing can be taken for one: pupil numbers
begin with a letter that no check gives, establishment numbers lie where none is issued, postcodes are of
an area that does not exist, and the county lies in the sea.
"""
