"""An invented town in the country that the fake geocoder knows: streets, people, shops, vans."""
