"""Words that streets and quarters of an invented town are named with, in a country of three languages."""

from __future__ import annotations

TOWN = "Saint-Aubin"
RIVER = "Alz"
VILLAGES = ("Oberalz", "Feldange", "Mersbach", "Ronnefeld")
AWAY = ("Brunnberg", "Valmorin", "Hohenlinden", "Courcelange", "Steinmark", "Bellevaux", "Altkirchen", "Montrivier")
SUBURBS = ("Neuviertel", "Val-Fleuri", "Lindenhof", "Outre-Alz", "Oberfeld", "Les Vergers", "Mühlental", "Haut-Pré")
WORKS_QUARTER = "Parc d'activités Alz-Sud"
BOULEVARDS = ("des Forges", "des Remparts", "Royal", "de la Liberté", "de l'Hôtel de Ville", "du Théâtre")
ORBITALS = ("Boulevard de l'Ouest", "Boulevard du Nord", "Boulevard de l'Est", "Boulevard du Sud")
AVENUES = (
    "du Parc", "de la Gare", "des Nations", "de l'Europe", "Grande-Duchesse Irène", "du Dix-Mai", "des Tilleuls",
    "de la Libération", "Jean Faber", "de l'Université", "des Sources", "du Belvédère",
)  # fmt: skip
QUAYS = (
    "du Canal", "des Bateliers", "des Tanneurs", "de l'Écluse", "des Lavandières", "du Vieux Port", "Sainte-Odile",
)  # fmt: skip
SQUARE = "Place du Marché"
OLD_MAIN = ("Grand-Rue", "Rue Neuve", "Rue de la Porte-Haute", "Rue du Pont")
KNOWN = (  # that people of the town write on their letters
    "Rue des Tilleuls", "Rue du Moulin", "Rue de la Gare", "Rue des Remparts", "Avenue du Parc", "Rue du Canal",
    "Rue des Vignes", "Rue de l'Abbaye", "Boulevard des Forges", "Rue du Verger", "Montée des Lilas",
    "Lindenallee", "Am Mühlbach", "Gartenstraße", "Kirchgasse", "Schmiedeweg", "Bergstraße", "An der Alz",
    "Ringstraße", "Hafenweg", "Wiesengrund", "Rosengasse", "Birkenweg", "Station Road", "Mill Lane",
    "Church Street", "Park Avenue", "Orchard Way", "Harbour Street", "King's Court", "Meadow Close",
    "Foundry Lane", "Abbey Road", "Garden Terrace",
)  # fmt: skip
OLD = (
    "du Chapitre", "des Orfèvres", "de la Vieille Tour", "du Puits", "des Potiers", "aux Herbes", "du Four",
    "des Drapiers", "de la Monnaie", "des Bouchers", "du Beffroi", "des Capucins", "du Cloître",
    "des Arbalétriers", "du Sel", "au Beurre", "de l'Évêché", "des Chanoines", "du Rempart", "de la Poterne",
    "du Grenier", "des Tonneliers", "des Cordiers", "de la Halle", "du Pilori", "des Trois Rois", "du Cerf",
    "de l'Ours", "de la Licorne", "du Chat", "de l'Étoile", "des Escaliers", "du Vieux Marché", "Saint-Éloi",
    "Saint-Nicolas", "Sainte-Barbe", "Saint-Ulric",
)  # fmt: skip
THINGS = (
    "de la Fontaine", "du Château", "des Prés", "du Bois", "de l'École", "des Jardins", "de la Source",
    "du Viaduc", "de la Forêt", "des Champs", "du Stade", "de la Montagne", "des Carrières", "du Lavoir",
    "de la Colline", "des Sports", "du Ruisseau", "de la Chapelle", "du Cimetière", "des Écoles", "de la Poste",
    "du Commerce", "de la Paix", "du Soleil", "des Roses", "du Tramway", "de l'Hôpital", "du Midi", "du Couchant",
    "du Levant", "des Maraîchers", "de la Ferme", "du Lycée", "de la Tuilerie", "de la Brasserie", "des Muguets",
    "du Clos", "de la Chaux", "des Ardoises", "de la Croix", "de l'Étang", "du Pâturage", "des Bergers",
    "de la Vallée", "du Plateau", "des Genêts", "de la Rivière", "des Noyers", "de la Résistance", "de l'Avenir",
)  # fmt: skip
FIRST = (
    "Adèle", "Émile", "Jean", "Nicolas", "Marguerite", "Pierre", "Joseph", "Hélène", "Michel", "Auguste", "Louise",
    "Victor", "Anne", "Mathias", "Théodore", "Camille", "Lucien", "Berthe", "Edmond", "Aline",
)  # fmt: skip
LAST = (
    "Thill", "Faber", "Weyland", "Schmit", "Rollinger", "Dumont", "Kieffer", "Lorang", "Adler", "Bertrand",
    "Wolter", "Hentges", "Girard", "Pesch", "Kremer", "Conrad", "Roth", "Mertens", "Olinger", "Zimmer",
)  # fmt: skip
STEMS = (
    "Linden", "Birken", "Buchen", "Ahorn", "Eichen", "Erlen", "Eschen", "Tannen", "Wiesen", "Garten", "Feld",
    "Wald", "Mühlen", "Berg", "Tal", "Bach", "Brunnen", "Kirch", "Schul", "Schloss", "Sonnen", "Rosen", "Veilchen",
    "Nelken", "Kirsch", "Apfel", "Nuss", "Hasel", "Flieder", "Amsel", "Lerchen", "Falken", "Reiher", "Hirsch",
    "Fuchs", "Ziegel", "Weber", "Müller", "Schäfer", "Jäger", "Winzer", "Gerber", "Kloster", "Turm", "Markt",
    "Stein",
)  # fmt: skip
ENDS = ("weg", "straße", "gasse", "allee", "pfad", "hof")
LUXEMBOURGISH = (
    "Beim Weiher", "An der Gewan", "Um Kiemel", "Op der Heed", "Am Pesch", "Bei der Bréck", "Hannert dem Schlass",
    "An de Wisen", "Um Bierg", "Op der Lann", "Beim Schlass", "Am Bongert", "An der Dällchen", "Um Fielsen",
    "Op der Millen", "Bei de Kräizer", "Am Duerf", "Um Poteau", "An der Klaus", "Op Acker", "Am Brill",
    "Beim Bildchen", "An de Steng", "Um Gruef", "Op der Kopp", "Am Kundel", "Beim Buer", "Am Steffesgaart",
    "An der Hiel", "Um Rënnchen", "Op dem Bierg", "Bei der Kierch",
)  # fmt: skip
THEMES = (
    (
        "Rue", "des Alouettes", "des Mésanges", "des Hirondelles", "des Rossignols", "des Pinsons", "des Merles",
        "des Cigognes", "des Faucons", "des Hérons", "des Martins-Pêcheurs", "des Chouettes", "des Grives",
        "des Fauvettes", "des Bouvreuils", "des Loriots", "des Cygnes", "des Huppes", "des Verdiers",
        "des Linottes", "des Bergeronnettes",
    ),
    (
        "Rue", "des Acacias", "des Érables", "des Bouleaux", "des Frênes", "des Ormes", "des Hêtres",
        "des Châtaigniers", "des Cerisiers", "des Pommiers", "des Saules", "des Platanes", "des Peupliers",
        "des Sapins", "des Mélèzes", "des Aulnes", "des Charmes", "des Cyprès", "des Sorbiers", "des Noisetiers",
        "des Marronniers",
    ),
    (
        "Rue", "Mozart", "Schubert", "Haydn", "Rameau", "Berlioz", "Chopin", "Brahms", "Couperin", "Debussy",
        "Fauré", "Gounod", "Lully", "Massenet", "Ravel", "Satie", "Telemann", "Vivaldi", "Bizet", "Dvořák",
        "Grieg",
    ),
    (
        "Rue", "de la Meuse", "de la Loire", "du Danube", "du Rhône", "de l'Elbe", "du Tage", "de la Seine",
        "de l'Èbre", "de la Vistule", "du Pô", "de la Tamise", "de l'Adour", "du Neckar", "de la Saône",
        "du Doubs", "de l'Escaut",
    ),
    (
        "Rue", "des Boulangers", "des Charpentiers", "des Tisserands", "des Forgerons", "des Horlogers",
        "des Imprimeurs", "des Meuniers", "des Relieurs", "des Selliers", "des Tailleurs", "des Verriers",
        "des Vignerons", "des Graveurs", "des Couvreurs", "des Luthiers", "des Menuisiers",
    ),
    (
        "Rue", "de Florence", "de Lisbonne", "de Copenhague", "de Prague", "de Vienne", "d'Athènes", "de Dublin",
        "d'Oslo", "de Riga", "de Séville", "de Gand", "de Salzbourg", "de Turin", "de Cracovie", "de Porto",
        "de Bruges", "de Tallinn",
    ),
)  # fmt: skip
WORKS = (
    "Rue de l'Industrie", "Rue de l'Acier", "Rue des Ateliers", "Rue Thomas Edison", "Rue de la Logistique",
    "Rue du Progrès", "Rue des Entrepôts", "Rue Gutenberg", "Rue de l'Énergie", "Rue des Machines",
    "Rue de la Technique", "Rue des Scieries", "Rue du Laminoir", "Rue de l'Innovation", "Rue des Bâtisseurs",
    "Rue du Fret", "Rue de la Fonderie", "Rue des Mineurs", "Rue Archimède", "Rue Galilée", "Rue Blaise Pascal",
)  # fmt: skip
