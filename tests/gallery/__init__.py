"""Every page of the service in every state, as browsers show it: for people to look at and for checks to walk."""
